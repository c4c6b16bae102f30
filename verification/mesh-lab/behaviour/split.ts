/** The canary's share of requests from the gateway and from sidecars. */
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { type Service } from '../../../model/service';
import { assertThat, AssertionFailure, type LabTest } from '../../support/lab-test';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { type Mesh, type Caller } from '../mesh/mesh';
import { sendMany, type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { examplePath, isSame, probeName, probesOf, type Probe } from './example';

const REQUESTS = 5_000;
const PARALLEL = 16;
/** A correct split exceeds this limit in one of 16,000 runs. */
const SIGMAS = 4;

export function splitTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment)
    .filter(({ service }) => service.versions.length > 1)
    .flatMap((probe) => {
      const committed = probe.service.versions[1]?.weightPercent ?? 0;
      // First the committed weight of the synthesized objects, then weights that a release would set.
      return [committed, 0, 50, 100].map((percent, index) => labTest(mesh, probe, percent, index === 0));
    });
}

function labTest(mesh: Mesh, probe: Probe, percent: number, committed: boolean): LabTest {
  const { service } = probe;
  const canary = service.versions[1]?.workload ?? '';
  return {
    id: `split/${service.name}-${committed ? 'committed' : percent}`,
    title: `${canary} gets ${percent} % of ${service.name}${committed ? ', the committed weight,' : ' after an update'} at the gateway and in sidecars`,
    run: async () => {
      if (!committed) await mesh.update(withWeights(mesh.current(), service, percent));
      const senders = sendersOf(mesh, probe);
      const shares = await Promise.all(
        senders.map(async ({ from, caller, request }) => ({
          from,
          ...(await measure(caller, request, service)),
        })),
      );
      if (!committed)
        await mesh.update(withWeights(mesh.current(), service, service.versions[1]?.weightPercent ?? 0));
      const tolerance = SIGMAS * Math.sqrt(REQUESTS * (percent / 100) * (1 - percent / 100));
      for (const { from, canaryCount } of shares) {
        const off = canaryCount - (REQUESTS * percent) / 100;
        assertThat(
          Math.abs(off) <= tolerance,
          `${from}: ${canaryCount} of ${REQUESTS}, ${Math.abs(off)} off; the tolerance is ±${tolerance.toFixed(0)}`,
        );
      }
      return {
        seen: shares.map(({ from, canaryCount }) => `${from}: ${canaryCount} of ${REQUESTS}`).join('; '),
        figures: {
          percent,
          ...Object.fromEntries(
            shares.map(({ from, canaryCount }) => [from, (canaryCount / REQUESTS) * 100]),
          ),
          latenciesMs: shares.flatMap(({ latenciesMs }) => latenciesMs),
        },
      };
    },
  };
}

/** A sidecar, and the gateway if the service has a public route. */
function sendersOf(mesh: Mesh, { service, edge }: Probe) {
  const request = { method: edge.methods[0] ?? 'GET', path: examplePath(edge.paths[0] ?? '/') };
  const headers = edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {};
  const inside = {
    from: 'a sidecar',
    caller: mesh.from(probeName(edge.caller)),
    request: { ...request, headers, host: service.host },
  };
  if (!isSame(edge.caller, ingressGatewayWorkload)) return [inside];
  const host = mesh.environment.domainNames[service.ingress[0]?.host ?? 'api'];
  return [{ from: 'the gateway', caller: mesh.client, request: { ...request, headers, host } }, inside];
}

async function measure(caller: Caller, request: Request, service: Service) {
  const replies = await sendMany(REQUESTS, PARALLEL, () => caller.send(request));
  const counts = new Map<string, number>();
  for (const { status, headers } of replies) {
    const outcome = status === 200 ? String(headers['x-lab-workload']) : String(status);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const [stable, canary] = service.versions.map(({ workload }) => counts.get(workload) ?? 0);
  if ((stable ?? 0) + (canary ?? 0) !== REQUESTS)
    throw new AssertionFailure(JSON.stringify(Object.fromEntries(counts)));
  return { canaryCount: canary ?? 0, latenciesMs: percentiles(replies.map(({ ms }) => ms)) };
}

function percentiles(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.5, 0.95, 0.99].map(
    (share) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10,
  );
}

interface Route {
  readonly route: readonly { readonly destination: { readonly host: string }; readonly weight: number }[];
}

/** Sets the canary's weight as a Terraform plan would. */
export function withWeights(
  objects: readonly KubernetesManifest[],
  service: Service,
  percent: number,
): KubernetesManifest[] {
  const weights = new Map(
    service.versions.map(({ host }, index) => [host, index === 0 ? 100 - percent : percent] as const),
  );
  return objects.map((object) => {
    if (object.kind !== 'VirtualService') return object;
    const spec = object['spec'] as { readonly http?: readonly Route[] };
    const http = spec.http?.map((route) => {
      if (route.route.length === 1) return route;
      const targets = route.route.map((target) => ({
        ...target,
        weight: weights.get(target.destination.host) ?? target.weight,
      }));
      return { ...route, route: targets };
    });
    return { ...object, spec: { ...spec, ...(http && { http }) } };
  });
}
