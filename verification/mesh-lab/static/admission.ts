/** What a real API server says to the objects, without keeping them. */
import { ROOT_NAMESPACE } from '../../../model/naming';
import { assertThat, type LabTest } from '../../support/lab-test';
import { ApiError, type KubernetesClient } from '../../kubernetes/client';
import { describe, type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { type Subject } from './analysis';

/** Kinds of which Google publishes no definition that could be installed here. */
const GOOGLE_KINDS = /^(networking\.gke\.io|monitoring\.googleapis\.com|secrets-store\.csi\.x-k8s\.io)\//;

export function admissionTests(client: KubernetesClient, subject: Subject): LabTest[] {
  const { environment, objects } = subject;
  const unchecked = objects.filter(({ apiVersion }) => GOOGLE_KINDS.test(apiVersion));
  const checked = objects.filter((object) => !unchecked.includes(object));
  return [
    {
      id: `static/${environment}-admitted`,
      title: `a real API server admits every object of ${environment}, field by field`,
      run: async () => {
        await makeNamespaces(client, objects);
        const refusals = await refusalsOf(client, checked);
        assertThat(refusals.length === 0, refusals.join('\n'));
        const left = [...new Set(unchecked.map(({ kind }) => kind))].sort().join(', ');
        return {
          seen: `${checked.length} of ${objects.length} objects admitted; not checked, as they are Google's own: ${left}`,
        };
      },
    },
    {
      id: `static/${environment}-pods-admitted`,
      title: `a real API server admits the pods of ${environment} to their namespaces' security level`,
      run: async () => {
        const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podOf);
        const refusals = await refusalsOf(client, pods);
        assertThat(refusals.length === 0, refusals.join('\n'));
        return { seen: `${pods.length} pods admitted` };
      },
    },
  ];
}

/** Namespaces must be there before what is in them can be tried. */
async function makeNamespaces(client: KubernetesClient, objects: readonly KubernetesObject[]): Promise<void> {
  const root: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ROOT_NAMESPACE } };
  const namespaces = [root, ...objects.filter(({ kind }) => kind === 'Namespace')];
  for (const namespace of namespaces) await client.apply(namespace, { force: true });
}

async function refusalsOf(client: KubernetesClient, objects: readonly KubernetesObject[]): Promise<string[]> {
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

/** The pod that the Deployment makes; its gateways' image is for the injector to choose. */
function podOf(deployment: KubernetesObject): KubernetesObject {
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
