/** Server-side dry run of the objects on a real API server. */
import { ROOT_NAMESPACE } from '../../../model/naming';
import { assertThat, type LabTest } from '../../support/lab-test';
import { ApiError, type KubernetesClient } from '../../kubernetes/client';
import { describe, type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { type StaticInput } from './analysis';

/** Google publishes no definitions of these kinds. */
const GOOGLE_KINDS = /^(networking\.gke\.io|monitoring\.googleapis\.com|secrets-store\.csi\.x-k8s\.io)\//;

export function admissionTests(client: KubernetesClient, { environment, objects }: StaticInput): LabTest[] {
  const unchecked = objects.filter(({ apiVersion }) => GOOGLE_KINDS.test(apiVersion));
  const checked = objects.filter((object) => !unchecked.includes(object));
  return [
    {
      id: `static/${environment}-admitted`,
      title: `a real API server admits every object of ${environment}, with strict field validation`,
      run: async () => {
        await createNamespaces(client, objects);
        const rejections = await rejectionsOf(client, checked);
        assertThat(rejections.length === 0, rejections.join('\n'));
        const left = [...new Set(unchecked.map(({ kind }) => kind))].sort().join(', ');
        return {
          seen: `${checked.length} of ${objects.length} objects admitted; not tested, because Google publishes no definitions: ${left}`,
        };
      },
    },
    {
      id: `static/${environment}-pods-admitted`,
      title: `a real API server admits the pods of ${environment} at the Pod Security level of their namespaces`,
      run: async () => {
        const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podOf);
        const rejections = await rejectionsOf(client, pods);
        assertThat(rejections.length === 0, rejections.join('\n'));
        return { seen: `${pods.length} pods admitted` };
      },
    },
  ];
}

/** A dry run of an object needs its namespace. */
export async function createNamespaces(
  client: KubernetesClient,
  objects: readonly KubernetesManifest[],
): Promise<void> {
  const root: KubernetesManifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: ROOT_NAMESPACE },
  };
  const namespaces = [root, ...objects.filter(({ kind }) => kind === 'Namespace')];
  for (const namespace of namespaces) await client.apply(namespace, { force: true });
}

async function rejectionsOf(
  client: KubernetesClient,
  objects: readonly KubernetesManifest[],
): Promise<string[]> {
  const outcomes = await Promise.all(
    objects.map(async (object) => {
      try {
        await client.apply(object, { dryRun: true, force: true });
        return undefined;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return `${describe(object)}: ${error.message}`;
      }
    }),
  );
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** A pod of the Deployment. */
function podOf(deployment: KubernetesManifest): KubernetesManifest {
  const { template } = deployment['spec'] as {
    readonly template: { readonly metadata: object; readonly spec: object };
  };
  const { name, namespace = 'default' } = deployment.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name, namespace },
    spec: template.spec,
  };
}
