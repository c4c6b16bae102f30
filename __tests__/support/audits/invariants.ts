import type { Environment } from '../../../model/environment';
import type { Invariant } from '../invariants/invariant';
import { ROUTING_INVARIANTS } from '../invariants/routing';
import { SECURITY_INVARIANTS } from '../invariants/security';
import { WORKLOAD_INVARIANTS } from '../invariants/workloads';
import { objectsOf, synthEnvironment } from '../synth';

/** Mistakes that no valid catalogue can make, by question of the review checklist. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  ...ROUTING_INVARIANTS,
  ...SECURITY_INVARIANTS,
  ...WORKLOAD_INVARIANTS,
};

/** Audits that the impossible mistakes of the review checklist were not made. */
export function auditInvariants(environment: Environment): void {
  // Kiali, in another stack, is not part of the mesh.
  const mesh = synthEnvironment(environment).get(`${environment.name}-mesh-policies`);
  const objects = [...objectsOf(mesh).values()];

  test.each(Object.entries(INVARIANTS))('%s', (_, invariant) => {
    expect(invariant({ environment, objects })).toEqual([]);
  });
}
