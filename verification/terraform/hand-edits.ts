/** Changes in the cluster and in the Google Cloud console, made outside of Terraform. */
import type { KubernetesManifest, ObjectReference } from '../kubernetes/kubernetes-object';
import { readStack } from './read-stack';
import type { TerraformRig } from './rig';

export interface HandEdit {
  /** The resource that now differs from its configuration. */
  readonly address: string;
  /** True while the change is in place. */
  readonly stands: () => Promise<boolean>;
}

const BY_HAND = { fieldManager: 'kubectl-edit' };

/** Edits a method of an authorization policy, a port of a network policy and an objective: the first of each. */
export async function editByHand(rig: TerraformRig, stack: string): Promise<HandEdit[]> {
  return [
    await editObject(rig, stack, 'AuthorizationPolicy', /"methods":\["[A-Z]+"/, '"methods":["TRACE"'),
    await editObject(rig, stack, 'NetworkPolicy', /"port":\d+/, '"port":4444'),
    editObjective(rig, stack),
  ];
}

async function editObject(
  rig: TerraformRig,
  stack: string,
  kind: string,
  pattern: RegExp,
  by: string,
): Promise<HandEdit> {
  const manifests = Object.entries(readStack(rig.stack(stack).folder).resource?.kubernetes_manifest ?? {});
  const [name, { manifest }] =
    manifests.find(([, { manifest: object }]) => object.kind === kind && pattern.test(specOf(object))) ??
    missing(kind);
  const object: ObjectReference = {
    apiVersion: manifest.apiVersion,
    kind,
    name: manifest.metadata.name,
    ...(manifest.metadata.namespace !== undefined && { namespace: manifest.metadata.namespace }),
  };
  const live = await rig.objects.get(object);
  await rig.objects.replace(
    { ...live, spec: JSON.parse(specOf(live).replace(pattern, by)) as unknown },
    BY_HAND,
  );
  return {
    address: `kubernetes_manifest.${name}`,
    stands: async () => specOf(await rig.objects.get(object)).includes(by),
  };
}

function editObjective(rig: TerraformRig, stack: string): HandEdit {
  const [name] = Object.keys(readStack(rig.stack(stack).folder).resource?.['google_monitoring_slo'] ?? {});
  const objective = rig.google.monitoring.names.find((path) => path.includes('/serviceLevelObjectives/'));
  if (name === undefined || objective === undefined) return missing('objective');
  const before = rig.google.monitoring.get(objective);
  const address = addressOfObjective(rig, stack, objective);
  rig.google.monitoring.handle('PATCH', objective, new URLSearchParams({ updateMask: 'goal' }), {
    goal: 0.5,
  });
  return {
    address,
    stands: () => Promise.resolve(rig.google.monitoring.get(objective)?.['goal'] !== before?.['goal']),
  };
}

/** The resource with the service and id in `…/services/cart/serviceLevelObjectives/availability`. */
function addressOfObjective(rig: TerraformRig, stack: string, objective: string): string {
  const [, service = '', id = ''] =
    /services\/([^/]+)\/serviceLevelObjectives\/([^/]+)$/.exec(objective) ?? [];
  const { resource = {} } = readStack(rig.stack(stack).folder);
  const services = Object.entries(resource['google_monitoring_service'] ?? {}) as [
    string,
    { service_id: string },
  ][];
  const owner = services.find(([, { service_id }]) => service_id === service)?.[0];
  const objectives = Object.entries(resource['google_monitoring_slo'] ?? {}) as [
    string,
    { slo_id: string; service: string },
  ][];
  const found = objectives.find(
    ([, slo]) => slo.slo_id === id && owner !== undefined && slo.service.includes(`.${owner}.`),
  );
  return `google_monitoring_slo.${found?.[0] ?? missing(objective)}`;
}

function specOf(object: KubernetesManifest): string {
  return JSON.stringify(object['spec']) ?? '';
}

function missing(what: string): never {
  throw new Error(`the stack has no ${what} to edit`);
}
