import { STABLE_VERSION, workloadName } from './naming';
import type { Service } from './service';

/**
 * Workloads of a service that hold its grants at Google: the stable version, and the canary version whether or not it
 * runs. The data stack is applied first, so a canary that ends would lose its grants while it still serves requests.
 */
export function grantedWorkloads({ name, canaryPolicy }: Pick<Service, 'name' | 'canaryPolicy'>): string[] {
  return [STABLE_VERSION, ...(canaryPolicy ? [canaryPolicy.version] : [])].map((version) =>
    workloadName(name, version),
  );
}
