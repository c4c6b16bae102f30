/** The dashboard's queries of a canary, evaluated by Prometheus. */
import { everyMinute, replay, type CounterSeries } from '../../verification/canary-lab/replay';
import { labTools, toolPath } from '../../verification/toolchain/lab-tools';
import { renderSloDashboard } from '../../model/dashboards/slos';
import { aCatalogue } from '../support/catalogue-fixture';

const MINUTES = 70;

function counter(version: string, code: string, perMinute: number, offsetSeconds: number): CounterSeries {
  return {
    series: `istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace="sales",destination_service_name="cart-${version}",response_code="${code}"}`,
    samples: everyMinute(
      Array.from({ length: MINUTES + 1 }, (_, minute) => perMinute * minute),
      offsetSeconds,
    ),
  };
}

function queries(title: string): string[] {
  const [environment] = aCatalogue().environments;
  return renderSloDashboard(environment!)
    .mosaicLayout.tiles.map(({ widget }: any) => widget)
    .filter((widget: any) => widget.title === title)
    .flatMap(({ xyChart }: any) => xyChart.dataSets)
    .map(({ timeSeriesQuery }: any) => timeSeriesQuery.prometheusQuery);
}

// The SLO is 99.9 %, so 3 of 120 requests are a 25× burn rate. v1 has no series of failures at all.
test('the dashboard shows the burn rate of a failing canary and none for the stable version', async () => {
  const tools = await labTools(['prometheus', 'prometheus3'], () => undefined);
  const between = (query: string, low: number, high: number) => [
    { query: `(${query}) > ${low}`, seconds: MINUTES * 60, fires: true },
    { query: `(${query}) > ${high}`, seconds: MINUTES * 60, fires: false },
  ];
  const expectations = ['5 min', '1 h'].flatMap((window) => {
    const [stable = '', canary = ''] = queries(`Availability burn rate over ${window}`);
    return [...between(stable, -0.001, 0), ...between(canary, 24.99, 25.01)];
  });
  const replays = [0, 15, 30, 45].map((offset) => ({
    name: `samples at ${offset} s`,
    counters: [
      counter('v1', '200', 1_080, offset),
      counter('v2', '200', 117, offset),
      counter('v2', '503', 3, offset),
    ],
    expectations,
  }));

  for (const promtool of ['promtool', 'promtool3']) await replay(toolPath(tools, promtool), replays);
}, 600_000);
