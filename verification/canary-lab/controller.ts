/**
 * From the alert to the weights: Prometheus sends its alerts here, in place of Cloud Monitoring and its topic, and each
 * of them runs the workflow that Terraform deploys.
 */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { CanaryDetector } from '../../model/canary/detectors';
import type { Service } from '../../model/service';
import type { World } from '../rollback-controller/world';
import { LabError } from '../support/errors';
import { listenOnLoopback } from '../support/loopback';
import type { Teardown } from '../support/teardown';
import type { RouteFollower } from './route-follower';

/** A detector of one canary. */
export interface Watch {
  readonly service: Service;
  readonly detector: CanaryDetector;
}

/** Result of an alert. Times are milliseconds of `performance.now()`. */
export interface Decision extends Watch {
  readonly alerted: number;
  /** End of the workflow. */
  readonly finished: number;
  /** When every proxy had the new weights; `undefined` after a pause, which changes none. */
  readonly pushed: number | undefined;
}

export interface LabController {
  readonly port: number;
  /** Finished ones, in the order of the alerts. */
  readonly decisions: readonly Decision[];
  /** Resolves when the workflow has ended for every alert so far. */
  readonly idle: () => Promise<void>;
}

export function alertName({ service, detector }: Watch): string {
  return `${service.name}/${detector.id}`;
}

/** Receives alerts as Alertmanager does. A repeated alert is the same incident. */
export async function startController(
  teardown: Teardown,
  world: World,
  follower: RouteFollower,
  watches: readonly Watch[],
): Promise<LabController> {
  const decisions: Decision[] = [];
  const runs = new Map<string, Promise<void>>();
  const run = async (watch: Watch) => {
    const alerted = performance.now();
    const { service, detector } = watch;
    const incident = { service, action: detector.action, id: `0.${service.name}.${detector.id}` };
    const startedAt = Math.floor(Date.now() / 1_000);
    const { outcome, message } = await world.deliver({ ...incident, startedAt });
    if (outcome !== 'returned') throw new LabError(`the rollback workflow ${outcome}: ${message}`);
    const finished = performance.now();
    await follower.settled();
    decisions.push({ ...watch, alerted, finished, pushed: follower.lastChange(service.name) });
  };
  const server = createServer((request, response) => {
    void json(request).then((sent) => {
      response.end();
      const alerts = sent as { labels: { alertname: string } }[];
      for (const watch of watches) {
        const name = alertName(watch);
        if (runs.has(name) || !alerts.some(({ labels }) => labels.alertname === name)) continue;
        const done = run(watch);
        // `idle` reports the error; until then the rejection must count as handled.
        done.catch(() => undefined);
        runs.set(name, done);
      }
    });
  });
  const url = await listenOnLoopback(teardown, server);
  return {
    port: Number(new URL(url).port),
    decisions,
    idle: async () => void (await Promise.all(runs.values())),
  };
}
