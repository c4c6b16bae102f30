/** Injects a fault into a release in real proxies while clients send requests, and measures the rollback. */
import { setTimeout as sleep } from 'node:timers/promises';
import { canaryVersion } from '../../model/canary/weight-cap';
import { canaryDetectors } from '../../model/canary/detectors';
import { rangeMinutes } from '../../model/canary/spans';
import type { Service } from '../../model/service';
import type { ReleaseOutcome, ScenarioResult } from './figures';
import type { World } from '../rollback-controller/world';
import type { Mesh } from '../mesh-lab/mesh/mesh';
import { scratchFolder, Teardown } from '../support/teardown';
import type { ToolPaths } from '../toolchain/lab-tools';
import { alertName, startController, type Decision, type Watch } from './controller';
import { MESH_METRICS } from './mesh-metrics';
import { startPrometheus } from './prometheus';
import { RouteFollower } from './route-follower';
import type { Scenario } from './scenarios';
import { shortened, shortenedInstant } from './speed';
import { startClients, type ClientResponse } from './clients';

export interface ReleaseOptions {
  readonly mesh: Mesh;
  /** The API server with the routes, and the rollback workflow. */
  readonly world: World;
  readonly tools: ToolPaths;
  /** Services with a canary. Clients call the first. */
  readonly services: readonly [Service, ...Service[]];
  readonly scenario: Scenario;
  /** Divides windows and intervals, but not request rates. */
  readonly speed: number;
  /** Between two scrapes of a proxy. */
  readonly scrapeSeconds: number;
  readonly clientsPerSecond: number;
}

/** Minutes of production: before the fault, at most until the last rollback, and after it. */
const HEALTHY_MINUTES = 2;
const FAILING_MINUTES = 10;
const AFTERMATH_MINUTES = 3;
/** Longest time of a request that was open when the last proxy got the weights. */
const OPEN_REQUEST_MS = 1_000;

export async function measureRelease(options: ReleaseOptions): Promise<ScenarioResult> {
  const { mesh, world, tools, scenario, speed } = options;
  const minuteMs = 60_000 / speed;
  const teardown = new Teardown();
  const clients = startClients(mesh, options.clientsPerSecond);
  try {
    scenario.wire?.(mesh);
    const begun = Date.now() / 1_000;
    const watches = options.services.flatMap((service): Watch[] =>
      canaryDetectors({ ...service, canaryRelease: releaseSince(begun, service, speed) }).map((detector) => ({
        service,
        detector,
      })),
    );
    const follower = await RouteFollower.start(teardown, mesh, world.shop);
    const rollbackController = await startController(teardown, world, follower, watches);
    await startPrometheus(teardown, {
      tools,
      folder: scratchFolder(teardown, 'lab-canary-'),
      scrape: {
        urls: mesh.pods.map(({ name }) => mesh.proxy(name).statsUrl),
        intervalSeconds: options.scrapeSeconds,
        relabel: MESH_METRICS,
      },
      alerts: {
        intervalSeconds: 60 / speed,
        expressions: Object.fromEntries(
          watches.map((watch) => [alertName(watch), shortened(watch.detector.query, speed)]),
        ),
        listenerPort: rollbackController.port,
      },
    });
    await sleep(HEALTHY_MINUTES * minuteMs);

    const first = performance.now();
    scenario.inject(mesh);
    const requestTimes = recordRequests(mesh, options.services);
    const deadline = first + FAILING_MINUTES * minuteMs;
    const ending = Object.keys(scenario.outcomes).filter((name) => scenario.outcomes[name] === 'rollback');
    const isOver = () =>
      ending.length > 0 &&
      ending.every((name) => rollbackOf(rollbackController.decisions, name) !== undefined);
    while (!isOver() && performance.now() < deadline) await sleep(20);
    // A second canary has its own detectors, which may fire later.
    if (options.services.length > 1) await sleep(AFTERMATH_MINUTES * minuteMs);
    // Lets open requests finish.
    await sleep(2 * OPEN_REQUEST_MS);
    await rollbackController.idle();
    await clients.end();

    const during = clients.responses.filter(({ time }) => time >= first);
    const { thresholdMs } = options.services[0].slos.latency;
    const failed = during.filter((response) => isFailed(response, thresholdMs));
    const firstFailed = failed.reduce((earliest, { time, ms }) => Math.min(earliest, time - ms), Infinity);
    const outcomes = options.services.map(async ({ name }): Promise<ReleaseOutcome> => {
      const [weightPercent = NaN, ...different] = await world.shop.weights(name);
      if (different.length > 0) throw new Error(`the routes of ${name} have different weights`);
      return {
        service: name,
        weightPercent,
        ...outcomeOf(rollbackController.decisions, name, firstFailed, requestTimes),
      };
    });
    return {
      scenario: scenario.name,
      requests: during.length,
      failedRequests: failed.length,
      outcomes: await Promise.all(outcomes),
    };
  } finally {
    await clients.end();
    await teardown.run();
  }
}

/** A release whose shortened queries count from `seconds`. */
function releaseSince(seconds: number, { canaryPolicy, canaryRelease }: Service, speed: number) {
  if (canaryPolicy === undefined) return canaryRelease;
  const since = (minutes: number) => shortenedInstant(seconds, speed, rangeMinutes(minutes));
  return {
    startedAtSeconds: since(canaryPolicy.detection.fastWindowMinutes),
    stepSinceSeconds: since(canaryPolicy.longestBakeMinutes),
  };
}

function isFailed({ status, ms }: ClientResponse, thresholdMs: number): boolean {
  return typeof status === 'string' || status >= 500 || ms > thresholdMs;
}

/** Times at which requests reach the canaries, by service. */
function recordRequests(mesh: Mesh, services: readonly Service[]): ReadonlyMap<string, number[]> {
  return new Map(
    services.map((service) => {
      const times: number[] = [];
      mesh.backends.behave(canaryVersion(service)?.workload ?? '', ({ time }) => {
        times.push(time);
        return undefined;
      });
      return [service.name, times];
    }),
  );
}

function rollbackOf(decisions: readonly Decision[], service: string): Decision | undefined {
  return decisions.find((one) => one.service.name === service && one.detector.action === 'rollback');
}

/** A rollback if there was one, otherwise the first decision. */
function outcomeOf(
  decisions: readonly Decision[],
  service: string,
  firstFailed: number,
  requestTimes: ReadonlyMap<string, readonly number[]>,
): Omit<ReleaseOutcome, 'service' | 'weightPercent'> {
  const rollback = rollbackOf(decisions, service);
  const decision = rollback ?? decisions.find((one) => one.service.name === service);
  if (decision === undefined) return {};
  const { detector, alerted, finished, pushed } = decision;
  return {
    action: detector.action,
    detector: detector.id,
    alertSeconds: seconds(alerted - firstFailed),
    controllerSeconds: seconds(finished - alerted),
    ...(rollback &&
      pushed !== undefined && {
        pushSeconds: seconds(pushed - alerted),
        later: (requestTimes.get(service) ?? []).filter((time) => time > pushed + OPEN_REQUEST_MS).length,
      }),
  };
}

function seconds(ms: number): number {
  return Number((ms / 1_000).toPrecision(3));
}
