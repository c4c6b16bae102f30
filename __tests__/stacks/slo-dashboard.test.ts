import { renderSloDashboard } from '../../model/dashboards/slos';
import { journeySubjects, subjectsOf } from '../../model/slo/subjects';
import { environmentNamed } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const stacks = synthEnvironment(prod);
const [dashboard] = Object.values<any>(
  stacks.get('prod-observability')?.resource?.['google_monitoring_dashboard'] ?? {},
)
  .map(({ dashboard_json }) => JSON.parse(dashboard_json))
  .filter(({ displayName }) => displayName === 'SLOs of the shop, prod');
const tiles: any[] = dashboard.mosaicLayout.tiles;
const charts: any[] = tiles.filter(({ widget }) => widget.xyChart).map(({ widget }) => widget);
const filtersOf = (title: RegExp): string[] =>
  charts
    .filter((chart) => title.test(chart.title))
    .flatMap(({ xyChart }) => xyChart.dataSets.map(({ timeSeriesQuery }: any) => timeSeriesQuery))
    .map(({ timeSeriesFilter }) => timeSeriesFilter.filter);

/** Charts of the section with this title, by chart title. */
function section(title: string): Record<string, any> {
  const at = tiles.findIndex(({ widget }) => widget.sectionHeader && widget.title === title);
  const rest = tiles.slice(at + 1);
  const end = rest.findIndex(({ widget }) => widget.sectionHeader);
  const own = end < 0 ? rest : rest.slice(0, end);
  return Object.fromEntries(own.map(({ widget }) => [widget.title, widget.xyChart]));
}

/** Cloud Monitoring names of the SLOs that Terraform creates. */
function synthesizedObjectives(): string[] {
  const { resource = {} } = stacks.get('prod-mesh-policies') ?? {};
  return Object.values(resource['google_monitoring_slo'] ?? {})
    .map(({ service, slo_id }: any) => {
      const [, type = '', address = ''] = /^\$\{(\w+)\.(\w+)\.service_id\}$/.exec(service) ?? [];
      const id = resource[type]?.[address].service_id;
      return `projects/${prod.project.number}/services/${id}/serviceLevelObjectives/${slo_id}`;
    })
    .sort();
}

test('shows budget and burn rate of exactly the SLOs that Terraform creates', () => {
  const objectives = synthesizedObjectives();
  expect(objectives).toHaveLength(20);

  expect(filtersOf(/^Remaining error budget$/).sort()).toEqual(
    objectives.map((name) => `select_slo_budget_fraction("${name}")`),
  );
  for (const [title, seconds] of [
    [/^Burn rate over 1 h$/, 3_600],
    [/^Burn rate over 6 h$/, 21_600],
  ] as const)
    expect(filtersOf(title).sort()).toEqual(
      objectives.map((name) => `select_slo_burn_rate("${name}", "${seconds}s")`),
    );
});

test('has a threshold for each alert', () => {
  const burn = section('checkout')['Burn rate over 1 h'];

  expect(burn.thresholds).toEqual([
    { value: 13.4, label: 'availability: page', targetAxis: 'Y1' },
    { value: 10, label: 'latency: page', targetAxis: 'Y1' },
  ]);
  expect(section('recommendation')['Burn rate over 1 h'].thresholds[0].label).toBe('availability: ticket');
  const thresholds = charts
    .flatMap(({ xyChart }) => xyChart.thresholds ?? [])
    .filter(({ label }) => /: (page|ticket)$/.test(label));
  const subjects = [
    ...journeySubjects(prod),
    ...prod.services.flatMap((service) => subjectsOf(service, prod)),
  ];
  const burnRateAlerts = subjects.flatMap(({ objectives }) =>
    objectives.flatMap((objective) =>
      objective.burnRateAlerts.filter(({ longMinutes }) => longMinutes <= 360),
    ),
  );
  expect(thresholds).toHaveLength(burnRateAlerts.length);
});

test('compares both versions of each service with a canary policy', () => {
  for (const service of prod.services.filter(({ canaryPolicy }) => canaryPolicy)) {
    const comparison = Object.values(section(`${service.name}: v2 beside v1`));
    expect(comparison).toHaveLength(4);
    for (const { dataSets } of comparison) {
      expect(dataSets.map(({ legendTemplate }: any) => legendTemplate)).toEqual(['v1', 'v2']);
      dataSets.forEach(({ timeSeriesQuery, legendTemplate }: any) =>
        expect(timeSeriesQuery.prometheusQuery.match(/destination_service_name="[^"]*"/g)).toEqual(
          expect.arrayContaining([`destination_service_name="${service.name}-${legendTemplate}"`]),
        ),
      );
    }
  }
});

test('does not change during a canary release', () => {
  const services = prod.services.map((service) => ({ ...service, versions: [service.versions[0]] as const }));

  expect(prod.services.some(({ versions }) => versions.length > 1)).toBe(true);
  expect(renderSloDashboard({ ...prod, services })).toEqual(renderSloDashboard(prod));
});

test('starts with the journeys', () => {
  expect(tiles[0].widget.title).toBe('journey checkout');
});
