import { checkStack, toGatedStack } from '../../../model/gate';
import type { Environment } from '../../../model/environment';
import { synthEnvironment } from '../synth';

/** Audits that every stack passes the gate, as production or not. */
export function auditGate(environment: Environment): void {
  test.each([...synthEnvironment(environment)])('%s', (id, stack) => {
    expect(checkStack(toGatedStack(id, stack, environment.production))).toEqual([]);
  });
}
