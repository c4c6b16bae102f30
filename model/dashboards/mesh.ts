/** Dashboard of the mesh: traffic, failures and latency of each service and of each watched call. */
import type { Environment } from '../environment';
import { streamServiceName } from '../naming';
import { METRICS, rate, selectors, type CanonicalService } from '../queries';
import type { Service } from '../service';
import { latencyReading } from '../slo/latency-reading';
import { layOut, type Chart, type Dashboard, type Limit, type Section } from './layout';

const WINDOW_MINUTES = 5;

export function renderMeshDashboard(environment: Environment): Dashboard {
  const sections = [...edgeSections(environment), ...environment.services.map(serviceSection)];
  return layOut(`Mesh of the ${environment.mesh.name}, ${environment.name}`, sections);
}

function serviceSection(service: Service): Section {
  const { availability, latency } = service.slos;
  const own = selectors(service);
  return {
    title: service.name,
    subtitle: `${service.description}. Owner: ${service.owner}, tier ${service.tier}`,
    charts: [
      {
        title: 'Requests by version and status',
        unit: 'requests/s',
        lines: [
          {
            query: `sum by (destination_canonical_revision, response_code) (${rate(METRICS.serverRequests, own, WINDOW_MINUTES)})`,
          },
        ],
      },
      {
        title: `Failure ratio by version (SLO: at most ${Number((100 - availability.targetPercent).toPrecision(3))} %)`,
        unit: 'share',
        limits: [{ value: Number((1 - availability.targetPercent / 100).toPrecision(3)) }],
        lines: [{ query: failedShare(METRICS.serverRequests, own, 'destination_canonical_revision') }],
      },
      {
        title: `p${latency.targetPercent} latency by version, at the server (SLO: ${latency.thresholdMs} ms)`,
        unit: 'ms',
        limits: [latencyLimit(latency)],
        lines: [
          {
            query: quantile(
              latency.targetPercent,
              METRICS.serverLatencyBuckets,
              own,
              'destination_canonical_revision',
            ),
          },
        ],
      },
      {
        title: `p${latency.targetPercent} latency by caller, at the client`,
        unit: 'ms',
        limits: [latencyLimit(latency)],
        lines: [
          {
            query: quantile(
              latency.targetPercent,
              METRICS.clientLatencyBuckets,
              [...own, ...noStreams(service)],
              'source_canonical_service_name',
            ),
          },
        ],
      },
    ],
  };
}

/** Watched calls, measured at the caller: includes retries, queueing and the network. */
function edgeSections({ services }: Environment): Section[] {
  return services.flatMap((caller) => {
    const watched = caller.versions.flatMap(({ calls }) => calls.filter(({ watched }) => watched));
    return [...new Set(watched.map(({ service }) => service))].flatMap((name) => {
      const callee = services.find((service) => service.name === name);
      return callee ? [edgeSection(caller, callee)] : [];
    });
  });
}

function edgeSection(caller: Service, callee: Service): Section {
  const own = [...selectors(callee), ...sourceSelectors(caller)];
  const { latency } = callee.slos;
  return {
    title: `${caller.name} ↔ ${callee.name}`,
    subtitle: `Calls from ${caller.name} to ${callee.name}, measured at ${caller.name}`,
    charts: [
      {
        title: 'Requests by caller version and status',
        unit: 'requests/s',
        lines: [
          {
            query: `sum by (source_canonical_revision, response_code) (${rate(METRICS.clientRequests, own, WINDOW_MINUTES)})`,
          },
        ],
      },
      {
        title: 'Failure ratio by caller version',
        unit: 'share',
        lines: [{ query: failedShare(METRICS.clientRequests, own, 'source_canonical_revision') }],
      },
      ...[50, latency.targetPercent].map((percentile): Chart => ({
        title: `p${percentile} latency by caller version`,
        unit: 'ms',
        limits: [latencyLimit(latency)],
        lines: [
          {
            query: quantile(
              percentile,
              METRICS.clientLatencyBuckets,
              [...own, ...noStreams(callee)],
              'source_canonical_revision',
            ),
          },
        ],
      })),
    ],
  };
}

/**
 * Where responses count as slow, a boundary of the histogram: a percentile between two boundaries is interpolated, but
 * it is on the right side of a boundary.
 */
function latencyLimit({ thresholdMs }: Service['slos']['latency']): Limit {
  return { value: latencyReading(thresholdMs).countedFromMs, label: 'counts as slow' };
}

/** Callers count streams under a Service of their own; the server's proxy cannot tell them apart. */
function noStreams({ name, streams }: Service): string[] {
  return streams.length === 0 ? [] : [`destination_service_name!="${streamServiceName(name)}"`];
}

function sourceSelectors({ name, namespace }: CanonicalService): string[] {
  return [`source_canonical_service_namespace="${namespace}"`, `source_canonical_service_name="${name}"`];
}

function failedShare(metric: string, labels: readonly string[], by: string): string {
  const failed = rate(metric, [...labels, 'response_code=~"5.."'], WINDOW_MINUTES);
  return `sum by (${by}) (${failed}) / sum by (${by}) (${rate(metric, labels, WINDOW_MINUTES)})`;
}

function quantile(percent: number, metric: string, labels: readonly string[], by: string): string {
  const ratio = Number((percent / 100).toPrecision(6));
  return `histogram_quantile(${ratio}, sum by (le, ${by}) (${rate(metric, labels, WINDOW_MINUTES)}))`;
}
