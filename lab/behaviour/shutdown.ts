/** Pods end while visitors come; nobody notices. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ingressGatewayWorkload } from '../../model/call-graph';
import { type Environment } from '../../model/environment';
import { insist, type Claim } from '../claim';
import { type Mesh } from '../mesh/mesh';
import { type Reply } from '../mesh/send';
import { examplePath, isSame, probesOf, type Probe } from './example';

const PARALLEL = 4;
/** Between two requests of one visitor. */
const PAUSE_MS = 20;
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

export function shutdownClaims(mesh: Mesh): Claim[] {
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
      prove: () => underTraffic(mesh, probe, () => end(mesh, first)),
    },
    {
      id: `shutdown/${service.name}-rolls`,
      title: `a new release of ${service.name}, pod by pod, loses no request`,
      prove: () =>
        underTraffic(mesh, probe, async () => {
          await mesh.setEndpoint(third, true);
          const ending = end(mesh, second);
          await sleep(NEWS_TRAVELS_MS);
          await mesh.setEndpoint(fourth, true);
          await ending;
        }),
    },
  ];
}

/** As the kubelet and the endpoint controller do it: at the same time, and the one knows nothing of the other. */
async function end(mesh: Mesh, pod: string): Promise<void> {
  const drained = mesh.proxy(pod).drain();
  await sleep(NEWS_TRAVELS_MS);
  await mesh.setEndpoint(pod, false);
  await drained;
}

async function underTraffic(mesh: Mesh, { service, edge }: Probe, event: () => Promise<void>) {
  const host = mesh.environment.domainNames[service.ingress[0]?.host ?? 'api'];
  const replies: (Reply & { readonly at: number })[] = [];
  let over = false;
  const started = performance.now();
  const visit = async () => {
    while (!over) {
      const reply = await mesh.visitor.send({ host, path: examplePath(edge.paths[0] ?? '/') });
      replies.push({ ...reply, at: (performance.now() - started) / 1_000 });
      await sleep(PAUSE_MS);
    }
  };
  const visits = Array.from({ length: PARALLEL }, visit);
  try {
    await sleep(500);
    await event();
    await sleep(500);
  } finally {
    over = true;
    await Promise.all(visits);
  }
  const failed = replies.filter(({ status }) => status !== 200);
  insist(
    failed.length === 0,
    `${failed.length} of ${replies.length} requests failed: ${describeFailures(failed)}`,
  );
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  return { seen: `${replies.length} of ${replies.length} requests in ${seconds} s were answered 200` };
}

function describeFailures(failed: readonly (Reply & { readonly at: number })[]): string {
  return failed
    .slice(0, 3)
    .map(({ at, status, body }) => `${status} after ${at.toFixed(1)} s (${body.slice(0, 200)})`)
    .join(', ');
}
