/**
 * From the alert to the weights: where Cloud Monitoring would write to the guard's topic, Prometheus tells this
 * listener, and the workflow runs that Terraform deploys.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CanaryDetector } from '../../model/canary/detectors';
import type { Service } from '../../model/service';
import type { World } from '../rollback-controller/world';
import { LabError } from '../support/errors';
import type { Teardown } from '../support/teardown';
import type { RouteFollower } from './route-follower';

/** A detector of one canary. */
export interface Watch {
  readonly service: Service;
  readonly detector: CanaryDetector;
}

/** What came of an alert; times are milliseconds of `performance.now()`. */
export interface Decision extends Watch {
  readonly alerted: number;
  /** When the workflow had ended. */
  readonly held: number;
  /** When every proxy had the weights that are left; a pause changes none. */
  readonly pushed: number | undefined;
}

export interface LabController {
  readonly port: number;
  /** In the order of the alerts; those still under way are left out. */
  readonly decisions: readonly Decision[];
  /** Once every alert that has come is dealt with. */
  readonly idle: () => Promise<void>;
}

export function alertName({ service, detector }: Watch): string {
  return `${service.name}/${detector.id}`;
}

/** Listens as Prometheus' Alertmanager does; an alert that is told again is the same incident. */
export async function startController(
  teardown: Teardown,
  world: World,
  follower: RouteFollower,
  watches: readonly Watch[],
): Promise<LabController> {
  const decisions: Decision[] = [];
  const acting = new Map<string, Promise<void>>();
  const act = async (watch: Watch) => {
    const alerted = performance.now();
    const { service, detector } = watch;
    const incident = { service, action: detector.action, id: `0.${service.name}.${detector.id}` };
    const startedAt = Math.floor(Date.now() / 1_000);
    const { outcome, message } = await world.deliver({ ...incident, startedAt });
    if (outcome !== 'returned') throw new LabError(`the guard's workflow ${outcome}: ${message}`);
    const held = performance.now();
    await follower.settled();
    decisions.push({ ...watch, alerted, held, pushed: follower.lastChange(service.name) });
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end();
      const alerts = JSON.parse(Buffer.concat(parts).toString()) as { labels: { alertname: string } }[];
      for (const watch of watches) {
        const name = alertName(watch);
        if (acting.has(name) || !alerts.some(({ labels }) => labels.alertname === name)) continue;
        const done = act(watch);
        // Whoever waits for it hears of it; until then nobody does.
        done.catch(() => undefined);
        acting.set(name, done);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teardown.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    decisions,
    idle: async () => void (await Promise.all(acting.values())),
  };
}
