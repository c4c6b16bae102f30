/** The pipeline's accounts as the API server of a GKE cluster sees them: by their address, with the rights of IAM. */
import { pipelineAccountEmail, type PipelineAccount } from '../../../model/naming';
import type { Identity, KubernetesClient } from '../../kubernetes/client';
import { grantContainerViewer } from '../../terraform/pipeline-rights';

/**
 * `roles/container.admin` has permissions for these kinds, custom resources among them. Admission policies are not
 * among GKE's IAM permissions.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/iam-permissions
 */
const CONTAINER_ADMIN: readonly (readonly [group: string, ...resources: string[]])[] = [
  ['', '*'],
  ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  ['apiextensions.k8s.io', 'customresourcedefinitions'],
  ['apps', '*'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['batch', '*'],
  ['coordination.k8s.io', 'leases'],
  ['gateway.networking.k8s.io', '*'],
  ['monitoring.googleapis.com', '*'],
  ['networking.gke.io', '*'],
  ['networking.istio.io', '*'],
  ['networking.k8s.io', 'ingresses', 'networkpolicies'],
  ['policy', 'poddisruptionbudgets'],
  ['rbac.authorization.k8s.io', '*'],
  ['secrets-store.csi.x-k8s.io', '*'],
  ['security.istio.io', '*'],
  ['telemetry.istio.io', '*'],
];

export function clusterIdentities(projectId: string): Readonly<Record<PipelineAccount, Identity>> {
  return {
    plan: { user: pipelineAccountEmail('plan', projectId) },
    apply: { user: pipelineAccountEmail('apply', projectId) },
  };
}

export async function grantClusterRights(
  client: KubernetesClient,
  { plan, apply }: ReturnType<typeof clusterIdentities>,
): Promise<void> {
  await grantContainerViewer(client, plan);
  const api = 'rbac.authorization.k8s.io';
  const kind = { apiVersion: `${api}/v1`, metadata: { name: 'lab-container-admin' } };
  await client.apply({
    ...kind,
    kind: 'ClusterRole',
    // IAM's container.clusterRoles.escalate and .bind are part of the role.
    rules: CONTAINER_ADMIN.map(([group, ...resources]) => ({ apiGroups: [group], resources, verbs: ['*'] })),
  });
  await client.apply({
    ...kind,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: api, kind: 'ClusterRole', name: kind.metadata.name },
    subjects: [{ apiGroup: api, kind: 'User', name: apply.user }],
  });
}
