/** No request is lost when pods terminate. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Reply, type Request } from '../mesh/send';
import { examplePath, isSame, probesOf, type Probe } from './example';
import { withExperiment } from './experiment';

const PARALLEL = 4;
/** Each pod has one of these requests in progress, except in one of 4,000 runs. */
const SLOW_PARALLEL = 12;
/** Share of the service's timeout; a busy machine needs the rest. */
const SLOW_SHARE = 0.25;
/** Pause between two requests of a client. */
const PAUSE_MS = 50;
/** Delay between SIGTERM and the removal of the pod from the endpoints of all proxies. */
const ENDPOINT_UPDATE_MS = 1_000;
/** Two pods of the old release and two of the new release. */
export const ROLLING_PODS = 4;

/** The tested service. One is enough, because the pods of all services terminate alike. */
export function rollingService(environment: Environment): Probe | undefined {
  return probesOf(environment).find(
    ({ edge, service }) =>
      isSame(edge.caller, ingressGatewayWorkload) && edge.jwt === 'none' && service.versions.length === 1,
  );
}

export function shutdownTests(mesh: Mesh): LabTest[] {
  const probe = rollingService(mesh.environment);
  if (!probe) return [];
  const { service } = probe;
  const [{ workload }] = service.versions;
  const [first = '', second = '', third = '', fourth = ''] = Array.from(
    { length: ROLLING_PODS },
    (_, index) => `${workload}-${index}`,
  );
  return [
    {
      id: `shutdown/${service.name}-drains`,
      title: `no request is lost when a pod of ${service.name} terminates`,
      run: () => duringTraffic(mesh, probe, first, () => terminate(mesh, first)),
    },
    {
      id: `shutdown/${service.name}-rolls`,
      title: `no request is lost when a new release of ${service.name} rolls out`,
      run: () =>
        duringTraffic(mesh, probe, second, async () => {
          await mesh.setEndpoint(third, true);
          const terminating = terminate(mesh, second);
          await sleep(ENDPOINT_UPDATE_MS);
          await mesh.setEndpoint(fourth, true);
          await terminating;
        }),
    },
  ];
}

/**
 * Terminates a pod as a cluster does: the kubelet and the endpoint controller act independently. The application runs
 * until the end of its `preStop` hook, the proxy drains for as long as its annotation configures.
 */
export async function terminate(mesh: Mesh, pod: string): Promise<void> {
  const ended = sleep(mesh.pod(pod).preStopSeconds * 1_000).then(() => mesh.backends.end(pod));
  const drained = mesh.proxy(pod).drain();
  await sleep(ENDPOINT_UPDATE_MS);
  await mesh.setEndpoint(pod, false);
  await Promise.all([ended, drained]);
}

interface TimedReply extends Reply {
  /** Seconds since the first request. */
  readonly from: number;
  readonly to: number;
}

/** Sends fast and slow requests during the event. Slow ones are always in progress. */
async function duringTraffic(mesh: Mesh, probe: Probe, terminated: string, event: () => Promise<void>) {
  const { service, edge } = probe;
  const host = mesh.environment.domainNames[service.ingress[0]?.host ?? 'api'];
  const request = { host, path: examplePath(edge.paths[0] ?? '/') };
  const clients = mesh.clients();
  const slowMs = service.timeoutMs * SLOW_SHARE;
  const fast: TimedReply[] = [];
  const slow: TimedReply[] = [];
  let over = false;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const client = async (replies: TimedReply[], headers: Request['headers']) => {
    while (!over) {
      const from = seconds();
      const reply = await clients.send({ ...request, ...(headers && { headers }) });
      replies.push({ ...reply, from, to: seconds() });
      await sleep(PAUSE_MS);
    }
  };
  const workload = service.versions[0].workload;
  const stoppedAt = await withExperiment(
    mesh,
    [workload],
    () => ({ delayMs: slowMs }),
    async ({ headers }) => {
      const running = [
        ...Array.from({ length: PARALLEL }, () => client(fast, undefined)),
        ...Array.from({ length: SLOW_PARALLEL }, () => client(slow, headers)),
      ];
      try {
        await sleep(slowMs);
        const moment = seconds();
        await event();
        await sleep(500);
        return moment;
      } finally {
        over = true;
        await Promise.all(running);
      }
    },
  );
  const replies = [...fast, ...slow];
  const failed = replies.filter(({ status }) => status !== 200);
  assertThat(
    failed.length === 0,
    `${failed.length} of ${replies.length} requests failed: ${describeFailures(failed)}`,
  );
  const interrupted = slow.filter(
    ({ headers, from, to }) => headers['x-lab-pod'] === terminated && from < stoppedAt && to > stoppedAt,
  );
  assertThat(interrupted.length > 0, `inconclusive: ${terminated} had no request in progress at SIGTERM`);
  return {
    seen: `${replies.length} of ${replies.length} requests in ${seconds().toFixed(1)} s succeeded; ${terminated} had ${interrupted.length} in progress at SIGTERM`,
  };
}

function describeFailures(failed: readonly TimedReply[]): string {
  return failed
    .slice(0, 3)
    .map(({ to, status, body }) => `${status} after ${to.toFixed(1)} s (${body.slice(0, 200)})`)
    .join(', ');
}
