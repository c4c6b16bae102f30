/** Rights of the pipelines' accounts in the cluster, by the IAM roles that `mesh bootstrap` grants them. */
import { pipelineAccountEmail, type PipelineAccount } from '../../model/naming';
import type { Identity, KubernetesClient } from '../kubernetes/client';

/**
 * GKE adds the permissions of IAM to those of RBAC. This is `roles/container.viewer` for the kinds in the stacks,
 * except those without an IAM permission (admission policies) and those outside the role (secrets).
 */
const CONTAINER_VIEWER: readonly (readonly [group: string, ...resources: string[]])[] = [
  ['', 'configmaps', 'namespaces', 'serviceaccounts', 'services'],
  ['apiextensions.k8s.io', 'customresourcedefinitions'],
  ['apps', 'deployments'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['gateway.networking.k8s.io', '*'],
  ['monitoring.googleapis.com', '*'],
  ['networking.gke.io', '*'],
  ['networking.istio.io', '*'],
  ['networking.k8s.io', 'networkpolicies'],
  ['policy', 'poddisruptionbudgets'],
  ['rbac.authorization.k8s.io', 'clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
  ['secrets-store.csi.x-k8s.io', '*'],
  ['security.istio.io', '*'],
  ['telemetry.istio.io', '*'],
];

/** The API server sees the account's address and no groups. `roles/container.admin` may do everything. */
export function pipelineIdentities(projectId: string): Readonly<Record<PipelineAccount, Identity>> {
  return {
    plan: { user: pipelineAccountEmail('plan', projectId) },
    apply: { user: pipelineAccountEmail('apply', projectId), groups: ['system:masters'] },
  };
}

export async function grantContainerViewer(client: KubernetesClient, { user }: Identity): Promise<void> {
  const name = 'lab-container-viewer';
  const api = 'rbac.authorization.k8s.io';
  const kind = { apiVersion: `${api}/v1`, metadata: { name } };
  await client.apply({
    ...kind,
    kind: 'ClusterRole',
    rules: CONTAINER_VIEWER.map(([group, ...resources]) => ({
      apiGroups: [group],
      resources,
      verbs: ['get', 'list', 'watch'],
    })),
  });
  await client.apply({
    ...kind,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: api, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: api, kind: 'User', name: user }],
  });
}
