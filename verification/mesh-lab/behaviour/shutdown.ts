/** Pods end while visitors come; nobody notices. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Reply, type Request } from '../mesh/send';
import { examplePath, isSame, probesOf, type Probe } from './example';
import { duringExperiment } from './experiment';

const PARALLEL = 4;
/** So many that one of them is with any pod but for a chance of 1 in 4,000. */
const SLOW_PARALLEL = 12;
/** Of the time that the service may take: a busy machine needs the rest. */
const SLOW_SHARE = 0.25;
/** Between two requests of one visitor. */
const PAUSE_MS = 50;
/** Until everybody knows that the pod is none of the endpoints any more; the pod is told at once. */
const NEWS_TRAVELS_MS = 1_000;
/** Two pods of the old release and two of the new one. */
export const ROLLING_PODS = 4;

/** The service whose release is rolled: every service's pods end by the same words. */
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
      title: `a pod of ${service.name} that is ended loses no request`,
      run: () => underTraffic(mesh, probe, first, () => end(mesh, first)),
    },
    {
      id: `shutdown/${service.name}-rolls`,
      title: `a new release of ${service.name}, pod by pod, loses no request`,
      run: () =>
        underTraffic(mesh, probe, second, async () => {
          await mesh.setEndpoint(third, true);
          const ending = end(mesh, second);
          await sleep(NEWS_TRAVELS_MS);
          await mesh.setEndpoint(fourth, true);
          await ending;
        }),
    },
  ];
}

/**
 * As the kubelet and the endpoint controller do it: at the same time, and the one knows nothing of the other. The
 * application waits for as long as its `preStop` says, the proxy for as long as its own annotation does.
 */
async function end(mesh: Mesh, pod: string): Promise<void> {
  const ended = sleep(mesh.pod(pod).preStopSeconds * 1_000).then(() => mesh.backends.end(pod));
  const drained = mesh.proxy(pod).drain();
  await sleep(NEWS_TRAVELS_MS);
  await mesh.setEndpoint(pod, false);
  await Promise.all([ended, drained]);
}

interface Visit extends Reply {
  /** Seconds since the first visit. */
  readonly from: number;
  readonly to: number;
}

/** Quick visits one after the other, and slow ones that are always under way. */
async function underTraffic(mesh: Mesh, probe: Probe, ending: string, event: () => Promise<void>) {
  const { service, edge } = probe;
  const host = mesh.environment.domainNames[service.ingress[0]?.host ?? 'api'];
  const request = { host, path: examplePath(edge.paths[0] ?? '/') };
  const clients = mesh.clients();
  const slowMs = service.timeoutMs * SLOW_SHARE;
  const quick: Visit[] = [];
  const slow: Visit[] = [];
  let over = false;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const visit = async (visits: Visit[], headers: Request['headers']) => {
    while (!over) {
      const from = seconds();
      const reply = await clients.send({ ...request, ...(headers && { headers }) });
      visits.push({ ...reply, from, to: seconds() });
      await sleep(PAUSE_MS);
    }
  };
  const workload = service.versions[0].workload;
  const stoppedAt = await duringExperiment(
    mesh,
    [workload],
    () => ({ delayMs: slowMs }),
    async ({ headers }) => {
      const visits = [
        ...Array.from({ length: PARALLEL }, () => visit(quick, undefined)),
        ...Array.from({ length: SLOW_PARALLEL }, () => visit(slow, headers)),
      ];
      try {
        await sleep(slowMs);
        const moment = seconds();
        await event();
        await sleep(500);
        return moment;
      } finally {
        over = true;
        await Promise.all(visits);
      }
    },
  );
  const replies = [...quick, ...slow];
  const failed = replies.filter(({ status }) => status !== 200);
  assertThat(
    failed.length === 0,
    `${failed.length} of ${replies.length} requests failed: ${describeFailures(failed)}`,
  );
  const across = slow.filter(
    ({ headers, from, to }) => headers['x-lab-at'] === ending && from < stoppedAt && to > stoppedAt,
  );
  assertThat(across.length > 0, `no slow request was under way in ${ending} when it was told to end`);
  return {
    seen: `${replies.length} of ${replies.length} requests in ${seconds().toFixed(1)} s were answered 200, ${across.length} of them slow ones that ${ending} had begun when it was told to end`,
  };
}

function describeFailures(failed: readonly Visit[]): string {
  return failed
    .slice(0, 3)
    .map(({ to, status, body }) => `${status} after ${to.toFixed(1)} s (${body.slice(0, 200)})`)
    .join(', ');
}
