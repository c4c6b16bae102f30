/** How long a one-weight edit takes until a proxy routes by it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withWeights } from '../behaviour/split';
import { LabError } from '../lab-error';
import { type GeneratedMesh } from './generated-mesh';
import { type Stage } from './stage';

const LIMIT_MS = 30_000;
const POLL_MS = 2;
/** No weight of the generated releases. */
const FIRST_PERCENT = 20;

export interface Push {
  /** From handing over the objects until the proxy's route has the weight. */
  readonly totalMs: number;
  /**
   * What the server of the lab takes to read all the objects and to find none of them changed. Istio's own is handed the
   * edited one alone.
   */
  readonly readMs: number;
}

/** Edits the canary's weight that many times, each time to another one. */
export async function measurePushes(
  { server, sidecar, adapted }: Stage,
  { objects, edited }: Pick<GeneratedMesh, 'objects' | 'edited'>,
  repeats: number,
): Promise<Push[]> {
  const pushes: Push[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const percent = FIRST_PERCENT + repeat;
    const wanted = adapted(withWeights(objects, edited, percent));
    const before = await updates();
    const idle = performance.now();
    await server.put(adapted(repeat === 0 ? objects : withWeights(objects, edited, percent - 1)));
    const started = performance.now();
    const readMs = started - idle;
    const putting = server.put(wanted);
    // Counting costs the proxy nothing; a dump of all routes would keep it from its work.
    let count = before;
    let arrived = started;
    do {
      arrived = await untilAnother(count, started);
      count = await updates();
    } while (!(await routesBy(percent)));
    const changed = await putting;
    if (changed !== 1) throw new LabError(`the edit of one weight changed ${changed} objects`);
    pushes.push({ totalMs: arrived - started, readMs });
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
