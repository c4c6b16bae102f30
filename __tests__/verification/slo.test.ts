import { promtoolCases } from '../../verification/alert-replay/promtool-files';
import { ON_THE_MINUTE } from '../../verification/alert-replay/sample-times';
import { latencyCases } from '../../verification/alert-replay/latency-incidents';
import { seriesOf } from '../../verification/alert-replay/traffic';
import { alertsOf } from '../../model/slo/alerts';
import { subjectsOf } from '../../model/slo/subjects';
import { aCatalogue } from '../support/catalogue-fixture';

const [shop] = aCatalogue().environments;
const subjects = shop!.services.flatMap((service) => subjectsOf(service, shop!));
const alerts = subjects.flatMap(alertsOf);
const policies = new Map(
  alerts.map(({ labels, name, expression }) => [`${labels.service}/${name}`, expression]),
);

test('replays every alert with the incidents of its kind', () => {
  const cases = promtoolCases(shop!, policies, ON_THE_MINUTE);

  expect(cases).toHaveLength(alerts.length);
  for (const { tests, checks } of cases) {
    expect(tests.length).toBeGreaterThanOrEqual(4);
    expect(checks).toBeGreaterThan(tests.length);
  }
});

test('an incident uses the synthesized expression, not that of the model', () => {
  const changed = new Map([...policies, ['stock/absence', 'vector(1)']]);

  expect(JSON.stringify(promtoolCases(shop!, changed, ON_THE_MINUTE))).toContain('count(\\nvector(1)\\n)');
});

test('fails when an alert of the catalogue has not been synthesized', () => {
  const fewer = new Map([...policies].filter(([key]) => key !== 'stock/absence'));

  expect(() => promtoolCases(shop!, fewer, ON_THE_MINUTE)).toThrow(
    "'stock/absence' has not been synthesized; run 'npm run synth' again",
  );
});

test('fails when an alert has been synthesized that the catalogue does not have', () => {
  expect(() =>
    promtoolCases(shop!, new Map([...policies, ['stock/latency-pager', 'vector(1)']]), ON_THE_MINUTE),
  ).toThrow("the catalogue has no alert 'stock/latency-pager'; run 'npm run synth' again");
});

test.each([256, 300, 320])(
  'latencies near a threshold of %d ms: counted as slow are all that are, and at a boundary no others',
  (thresholdMs) => {
    const cases = latencyCases(thresholdMs);

    expect(cases.some(({ slow }) => slow > 0.5)).toBe(true);
    expect(cases.some(({ slow, counted }) => slow < 0.001 && counted > 0.5)).toBe(thresholdMs !== 256);
    for (const { latencies, slow, counted } of cases) {
      expect(counted).toBeGreaterThanOrEqual(slow);
      expect(slow).toBeGreaterThanOrEqual(1 - latencies(512) - 1e-9);
      if (thresholdMs === 256) expect(counted).toBeCloseTo(slow, 9);
    }
  },
);

test('the buckets of the replay are those of the metric', () => {
  const stock = subjects.find(({ title }) => title === 'stock')!;
  const phase = { minutes: 2, requestsPerMinute: 100, failureRatio: 0.25, measured: true };
  const series = seriesOf(stock, { thresholdMs: 300 }, [phase]).filter(({ series }) => /le="/.test(series));
  const own = series.filter(({ series }) => series.includes('destination_service_name="stock-v1"'));

  expect(own.map(({ series, values }) => [/le="([^"]+)"/.exec(series)?.[1], values])).toEqual([
    ['128', '0 75+75x1'],
    ['256', '0 75+75x1'],
    ['512', '0 75+75x1'],
    ['1024', '0 100+100x1'],
    ['2048', '0 100+100x1'],
    ['+Inf', '0 100+100x1'],
  ]);
});

// 60 successful requests a minute for two minutes, a minute without metrics, then 30 of 60 failed.
test('requests add up to counters, even while metrics are missing', () => {
  const stock = subjects.find(({ title }) => title === 'stock')!;
  const good = { minutes: 2, requestsPerMinute: 60, failureRatio: 0, measured: true };
  const [succeeded, failed] = seriesOf(stock, {}, [
    good,
    { ...good, minutes: 1, measured: false },
    { ...good, minutes: 2, failureRatio: 0.5 },
  ]);

  expect(succeeded?.values).toBe('0 60+60x1 _x1 210+30x1');
  expect(failed?.values).toBe('0 0+0x1 _x1 30+30x1');
  expect(failed?.series).toContain('destination_service_name="stock-v1"');
  expect(failed?.series).toContain('destination_canonical_service_name="unknown"');
});
