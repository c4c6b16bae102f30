/** Time until a changed weight is active in a proxy. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service } from '../../model/service';
import { withWeights } from '../mesh-lab/behaviour/split';
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { until } from '../support/until';
import { type GeneratedMesh } from './generated-mesh';
import { type MeasuredProxies } from './measured-proxies';

const LIMIT_MS = 30_000;
const POLL_MS = 2;
/** Differs from the weights of the generated releases. */
const FIRST_PERCENT = 20;

/**
 * Changes the canary's weight `repeats` times. Returns the milliseconds from each change of the objects until the proxy
 * had it.
 */
export async function measurePushes(
  { server, sidecar, adapted }: MeasuredProxies,
  { objects, edited }: Pick<GeneratedMesh, 'objects' | 'edited'>,
  repeats: number,
): Promise<number[]> {
  const routes = adapted(objects).filter((object) => hasWeightsOf(object, edited));
  const pushes: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const percent = FIRST_PERCENT + repeat;
    // Polling a counter is cheap; dumping all routes would delay the proxy.
    let count = await updates();
    const started = performance.now();
    const patching = server.patch(withWeights(routes, edited, percent));
    let arrived = started;
    do {
      arrived = await nextUpdate(count, started);
      count = await updates();
    } while (!(await isActive(percent)));
    const changed = await patching;
    if (changed !== 1) throw new LabError(`the change of one weight changed ${changed} objects`);
    pushes.push(arrived - started);
    await sleep(300);
  }
  return pushes;

  async function updates(): Promise<number> {
    const counts = await sidecar.stats(/\.rds\..*\.update_success$/);
    return [...counts.values()].reduce((sum, value) => sum + value, 0);
  }

  /** Time of the next route update. */
  async function nextUpdate(count: number, started: number): Promise<number> {
    await until(async () => (await updates()) !== count, {
      everyMs: POLL_MS,
      limitMs: started + LIMIT_MS - performance.now(),
      otherwise: () => new LabError(`the proxy did not get the weight within ${LIMIT_MS / 1_000} s`),
    });
    return performance.now();
  }

  async function isActive(percent: number): Promise<boolean> {
    const dump = await sidecar.page('/config_dump?resource=dynamic_route_configs');
    return weightsIn(dump, edited.versions[1]?.host ?? '').includes(percent);
  }
}

function hasWeightsOf(object: KubernetesManifest, service: Service): boolean {
  const [zero, one] = [0, 1].map((percent) => JSON.stringify(withWeights([object], service, percent)));
  return zero !== one;
}

/** Weights of the host in the routes of a configuration dump. */
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
