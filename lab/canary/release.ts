/** One release in real proxies: its version turns bad while visitors come, and what happens is measured. */
import { canaryDetectors } from '../../model/canary/detectors';
import type { Service } from '../../model/service';
import type { Mesh } from '../mesh/mesh';
import { scratchFolder } from '../scratch-folder';
import { Teardown } from '../teardown';
import type { ToolPaths } from '../tools/lab-tools';
import type { Fault } from './faults';
import { startGuard, type Decision } from './guard';
import { MESH_METRICS } from './mesh-metrics';
import { startPrometheus } from './prometheus';
import { shortened, shortenedInstant } from './speed';
import { sendVisitors, type Visit } from './visitors';

export interface ReleaseOptions {
  readonly mesh: Mesh;
  readonly tools: ToolPaths;
  readonly service: Service;
  readonly fault: Fault;
  /** How many times faster than in production: windows and intervals shrink by it, rates do not. */
  readonly speed: number;
  readonly visitorsPerSecond: number;
  /** Minutes of production. */
  readonly healthyMinutes: number;
  /** Minutes of production until the detectors are given up. */
  readonly faultyMinutes: number;
}

export interface Measured {
  readonly fault: string;
  readonly ends: boolean;
  readonly detector?: string;
  /** From the first bad answer to the alert. */
  readonly alertSeconds?: number;
  /** From the alert until every proxy has the new weights. */
  readonly pushSeconds?: number;
  /** Answers of the canary after that. */
  readonly later?: number;
  readonly requests: number;
  readonly badRequests: number;
}

export async function measureRelease(options: ReleaseOptions): Promise<Measured> {
  const { mesh, tools, fault, speed, healthyMinutes, faultyMinutes } = options;
  const minuteMs = 60_000 / speed;
  const teardown = new Teardown();
  const visitors = sendVisitors(mesh, options.visitorsPerSecond);
  try {
    const begun = shortenedInstant(Date.now() / 1_000, speed);
    const service = { ...options.service, canaryTimes: { startedAtSeconds: begun, stepSinceSeconds: begun } };
    const detectors = canaryDetectors(service);
    const guard = await startGuard(teardown, mesh, service, detectors);
    await startPrometheus(teardown, {
      tools,
      folder: scratchFolder(teardown, 'lab-canary-'),
      scrape: {
        urls: mesh.pods.map(({ name }) => mesh.proxy(name).statsUrl),
        intervalSeconds: 1,
        relabel: MESH_METRICS,
      },
      alerts: {
        intervalSeconds: 60 / speed,
        expressions: Object.fromEntries(detectors.map(({ id, query }) => [id, shortened(query, speed)])),
        listenerPort: guard.port,
      },
    });
    await sleep(healthyMinutes * minuteMs);

    const canary = service.versions[1]?.workload ?? '';
    const first = performance.now();
    const mend = mesh.backends.behave(canary, fault.behaviour);
    teardown.add(mend);
    const deadline = first + faultyMinutes * minuteMs;
    while (guard.decided() === undefined && performance.now() < deadline) await sleep(20);
    // What was under way when the weights came comes to its end.
    await sleep(2_000);
    await visitors.end();
    return report(fault, visitors.visits, first, canary, service.slos.latency.thresholdMs, guard.decided());
  } finally {
    await visitors.end();
    await teardown.run();
  }
}

/** Answers that were under way when the last proxy took the weights. */
const UNDER_WAY_MS = 1_000;

function report(
  { name, ends }: Fault,
  visits: readonly Visit[],
  first: number,
  canary: string,
  thresholdMs: number,
  decision: Decision | undefined,
): Measured {
  const during = visits.filter(({ time }) => time >= first);
  const isBad = ({ status, ms }: Visit) => typeof status === 'string' || status >= 500 || ms > thresholdMs;
  const bad = during.filter(isBad);
  const firstBad = bad.reduce((earliest, { time, ms }) => Math.min(earliest, time - ms), Infinity);
  return {
    ...{ fault: name, ends, requests: during.length, badRequests: bad.length },
    ...(decision && {
      detector: decision.detector.id,
      alertSeconds: seconds(decision.alerted - firstBad),
      pushSeconds: seconds(decision.pushed - decision.alerted),
      later: visits.filter(({ by, time }) => by === canary && time > decision.pushed + UNDER_WAY_MS).length,
    }),
  };
}

function seconds(ms: number): number {
  return Number((ms / 1_000).toPrecision(3));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
