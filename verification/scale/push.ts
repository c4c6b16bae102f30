/** How long a one-weight edit takes until a proxy routes by it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service } from '../../model/service';
import { withWeights } from '../mesh-lab/behaviour/split';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { type GeneratedMesh } from './generated-mesh';
import { type Stage } from './stage';

const LIMIT_MS = 30_000;
const POLL_MS = 2;
/** No weight of the generated releases. */
const FIRST_PERCENT = 20;

/**
 * Edits the canary's weight that many times, each time to another one. Returns the milliseconds from handing over the
 * route until the proxy had it.
 */
export async function measurePushes(
  { server, sidecar, adapted }: Stage,
  { objects, edited }: Pick<GeneratedMesh, 'objects' | 'edited'>,
  repeats: number,
): Promise<number[]> {
  const routes = adapted(objects).filter((object) => hasWeightsOf(object, edited));
  const pushes: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const percent = FIRST_PERCENT + repeat;
    // Counting costs the proxy nothing; a dump of all routes would keep it from its work.
    let count = await updates();
    const started = performance.now();
    const patching = server.patch(withWeights(routes, edited, percent));
    let arrived = started;
    do {
      arrived = await untilAnother(count, started);
      count = await updates();
    } while (!(await routesBy(percent)));
    const changed = await patching;
    if (changed !== 1) throw new LabError(`the edit of one weight changed ${changed} objects`);
    pushes.push(arrived - started);
    await sleep(300);
  }
  return pushes;

  async function updates(): Promise<number> {
    const counts = await sidecar.stats(/\.rds\..*\.update_success$/);
    return [...counts.values()].reduce((sum, value) => sum + value, 0);
  }

  /** Time at which the proxy had taken routes once more. */
  async function untilAnother(count: number, started: number): Promise<number> {
    while ((await updates()) === count) {
      if (performance.now() - started > LIMIT_MS)
        throw new LabError(`the weight was not in the proxy after ${LIMIT_MS / 1_000} s`);
      await sleep(POLL_MS);
    }
    return performance.now();
  }

  async function routesBy(percent: number): Promise<boolean> {
    const dump = await sidecar.page('/config_dump?resource=dynamic_route_configs');
    return weightsIn(dump, edited.versions[1]?.host ?? '').includes(percent);
  }
}

function hasWeightsOf(object: KubernetesObject, service: Service): boolean {
  const [zero, one] = [0, 1].map((percent) => JSON.stringify(withWeights([object], service, percent)));
  return zero !== one;
}

/** Every weight with which routes of the dump lead to the host. */
export function weightsIn(dump: string, host: string): number[] {
  const weights: number[] = [];
  JSON.parse(dump, (_, value: unknown) => {
    const { name, weight } = (value ?? {}) as { readonly name?: unknown; readonly weight?: unknown };
    if (typeof name === 'string' && name.endsWith(`||${host}`) && typeof weight === 'number')
      weights.push(weight);
    return value;
  });
  return weights;
}
