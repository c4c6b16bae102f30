/** The dashboard of the mesh, in Cloud Monitoring's own JSON, read off the catalogue. */
import type { Environment } from './environment';
import { METRICS, rate, selectors, type Target } from './queries';
import type { Service } from './service';

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards */
export interface Dashboard {
  readonly displayName: string;
  readonly mosaicLayout: { readonly columns: number; readonly tiles: readonly Tile[] };
}

interface Tile {
  readonly xPos: number;
  readonly yPos: number;
  readonly width: number;
  readonly height: number;
  readonly widget: object;
}

interface Section {
  readonly title: string;
  readonly subtitle: string;
  readonly charts: readonly Chart[];
}

interface Chart {
  readonly title: string;
  readonly query: string;
  readonly unit: 'requests/s' | 'share' | 'ms';
  /** Drawn as a line. */
  readonly limit?: number;
}

const COLUMNS = 48;
const HEADER_HEIGHT = 5;
const CHART_HEIGHT = 14;
const WINDOW_MINUTES = 5;

export function renderDashboard(environment: Environment): Dashboard {
  const sections = [...edgeSections(environment), ...environment.services.map(serviceSection)];
  const height = HEADER_HEIGHT + CHART_HEIGHT;
  return {
    displayName: `Mesh of the ${environment.mesh.name}, ${environment.name}`,
    mosaicLayout: {
      columns: COLUMNS,
      tiles: sections.flatMap((section, index) => renderSection(section, index * height)),
    },
  };
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
        query: `sum by (destination_canonical_revision, response_code) (${rate(METRICS.serverRequests, own, WINDOW_MINUTES)})`,
      },
      {
        title: `Failed, by version (promise: under ${Number((100 - availability.targetPercent).toPrecision(3))} %)`,
        unit: 'share',
        limit: Number((1 - availability.targetPercent / 100).toPrecision(3)),
        query: failedShare(METRICS.serverRequests, own, 'destination_canonical_revision'),
      },
      {
        title: `p${latency.targetPercent} as served (promise: ${latency.thresholdMs} ms)`,
        unit: 'ms',
        limit: latency.thresholdMs,
        query: quantile(
          latency.targetPercent,
          METRICS.serverLatencyBuckets,
          own,
          'destination_canonical_revision',
        ),
      },
      {
        title: `p${latency.targetPercent} as each caller sees it`,
        unit: 'ms',
        limit: latency.thresholdMs,
        query: quantile(
          latency.targetPercent,
          METRICS.clientLatencyBuckets,
          own,
          'source_canonical_service_name',
        ),
      },
    ],
  };
}

/** The calls that the catalogue asks to watch, from the caller's side: retries, queues and network included. */
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
    subtitle: `What ${caller.name} sees of ${callee.name}`,
    charts: [
      {
        title: 'Requests by version of the caller and status',
        unit: 'requests/s',
        query: `sum by (source_canonical_revision, response_code) (${rate(METRICS.clientRequests, own, WINDOW_MINUTES)})`,
      },
      {
        title: 'Failed, by version of the caller',
        unit: 'share',
        query: failedShare(METRICS.clientRequests, own, 'source_canonical_revision'),
      },
      ...[50, latency.targetPercent].map((percentile): Chart => ({
        title: `p${percentile} by version of the caller`,
        unit: 'ms',
        limit: latency.thresholdMs,
        query: quantile(percentile, METRICS.clientLatencyBuckets, own, 'source_canonical_revision'),
      })),
    ],
  };
}

function sourceSelectors({ name, namespace }: Target): string[] {
  return [`source_canonical_service_namespace="${namespace}"`, `source_canonical_service_name="${name}"`];
}

function failedShare(metric: string, labels: readonly string[], by: string): string {
  const bad = rate(metric, [...labels, 'response_code=~"5.."'], WINDOW_MINUTES);
  return `sum by (${by}) (${bad}) / sum by (${by}) (${rate(metric, labels, WINDOW_MINUTES)})`;
}

function quantile(percent: number, metric: string, labels: readonly string[], by: string): string {
  const ratio = Number((percent / 100).toPrecision(6));
  return `histogram_quantile(${ratio}, sum by (le, ${by}) (${rate(metric, labels, WINDOW_MINUTES)}))`;
}

function renderSection({ title, subtitle, charts }: Section, yPos: number): Tile[] {
  const width = COLUMNS / charts.length;
  return [
    {
      ...{ xPos: 0, yPos, width: COLUMNS, height: HEADER_HEIGHT },
      widget: { title, sectionHeader: { subtitle, dividerBelow: true } },
    },
    ...charts.map((chart, index) => ({
      ...{ xPos: index * width, yPos: yPos + HEADER_HEIGHT, width, height: CHART_HEIGHT },
      widget: renderChart(chart),
    })),
  ];
}

function renderChart({ title, query, unit, limit }: Chart): object {
  return {
    title,
    xyChart: {
      dataSets: [{ timeSeriesQuery: { prometheusQuery: query }, plotType: 'LINE', targetAxis: 'Y1' }],
      ...(limit !== undefined && { thresholds: [{ value: limit, targetAxis: 'Y1' }] }),
      yAxis: { label: unit, scale: 'LINEAR' },
    },
  };
}
