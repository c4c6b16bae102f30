import type { ServiceSpec } from '../schema/service-schema';

/** What the service is called in the cluster and at Google, where no object can be renamed. */
export function resourceNameOf(spec: Pick<ServiceSpec, 'name' | 'renamedFrom' | 'resourceName'>): string {
  return spec.resourceName ?? spec.renamedFrom ?? spec.name;
}
