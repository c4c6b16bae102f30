/** Cloud Monitoring dashboards: sections stacked vertically, the charts of a section side by side. */

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

export interface Section {
  readonly title: string;
  readonly subtitle: string;
  readonly charts: readonly Chart[];
}

export interface Chart {
  readonly title: string;
  readonly unit: 'requests/s' | 'share' | 'ms' | 'burn rate';
  readonly lines: readonly Line[];
  /** Horizontal lines. @default [] */
  readonly limits?: readonly Limit[];
}

export type Line = {
  /** @default - the labels of each series */
  readonly legend?: string;
} & (
  | { /** PromQL; one series or many. */ readonly query: string }
  /** Cloud Monitoring's time series of an SLO: `select_slo_burn_rate(…)`. */
  | { readonly filter: string }
);

export interface Limit {
  readonly value: number;
  /** @default - the value alone */
  readonly label?: string;
}

const COLUMNS = 48;
const HEADER_HEIGHT = 5;
const CHART_HEIGHT = 14;

export function layOut(displayName: string, sections: readonly Section[]): Dashboard {
  const height = HEADER_HEIGHT + CHART_HEIGHT;
  const tiles = sections.flatMap((section, index) => renderSection(section, index * height));
  return { displayName, mosaicLayout: { columns: COLUMNS, tiles } };
}

function renderSection({ title, subtitle, charts }: Section, yPos: number): Tile[] {
  const width = COLUMNS / charts.length;
  return [
    {
      xPos: 0,
      yPos,
      width: COLUMNS,
      height: HEADER_HEIGHT,
      widget: { title, sectionHeader: { subtitle, dividerBelow: true } },
    },
    ...charts.map((chart, index) => ({
      xPos: index * width,
      yPos: yPos + HEADER_HEIGHT,
      width,
      height: CHART_HEIGHT,
      widget: renderChart(chart),
    })),
  ];
}

function renderChart({ title, lines, unit, limits = [] }: Chart): object {
  return {
    title,
    xyChart: {
      dataSets: lines.map((line) => ({
        timeSeriesQuery: renderLine(line),
        plotType: 'LINE',
        targetAxis: 'Y1',
        ...(line.legend !== undefined && { legendTemplate: line.legend }),
      })),
      ...(limits.length > 0 && { thresholds: limits.map((limit) => ({ ...limit, targetAxis: 'Y1' })) }),
      yAxis: { label: unit, scale: 'LINEAR' },
    },
  };
}

/** SLO time series are sparse, so points are averaged over 5 min. */
const OBJECTIVE_ALIGNMENT = { alignmentPeriod: '300s', perSeriesAligner: 'ALIGN_MEAN' } as const;

function renderLine(line: Line): object {
  return 'query' in line
    ? { prometheusQuery: line.query }
    : { timeSeriesFilter: { filter: line.filter, aggregation: OBJECTIVE_ALIGNMENT } };
}
