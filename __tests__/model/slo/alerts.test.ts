import { alertsOf, absenceMinutes } from '../../../model/slo/alerts';
import { burnExpression, absenceExpression } from '../../../model/slo/expressions';
import { serviceRequests } from '../../../model/slo/requests';
import { journeySubjects, subjectsOf } from '../../../model/slo/subjects';
import { planBurnRateAlerts } from '../../../model/slo/burn-rate-alerts';
import { aCatalogue, edited } from '../../support/catalogue-fixture';

const CART = 'services/cart.yaml';
const stock = serviceRequests({ name: 'stock', namespace: 'sales', canaryPolicy: undefined });
const { burnRateAlerts } = planBurnRateAlerts({ targetPercent: 99.9, windowDays: 28, requestsPerSecond: 5 });

function subjects(changes: Readonly<Record<string, string | null>> = {}) {
  const environment = aCatalogue(changes).environments[0]!;
  return [
    ...environment.services.flatMap((service) => subjectsOf(service, environment)),
    ...journeySubjects(environment),
  ];
}

const alertsNamed = (title: string, changes: Readonly<Record<string, string | null>> = {}) =>
  alertsOf(subjects(changes).find((subject) => subject.title === title)!);

const OF =
  'monitored_resource="istio_canonical_service",destination_service_namespace="sales",destination_service_name=~"stock|stock-v1"';
const COUNT = 'istio_io:service_client_request_count';

test('availability: each burn-rate alert requires both windows and the floor, joined with or', () => {
  expect(burnExpression({ requests: stock }, burnRateAlerts.slice(0, 2))).toBe(`(
sum(rate(${COUNT}{${OF},response_code=~"5.."}[1h])) / sum(rate(${COUNT}{${OF}}[1h])) > 0.01344
and
sum(rate(${COUNT}{${OF},response_code=~"5.."}[10m])) / sum(rate(${COUNT}{${OF}}[10m])) > 0.01344
and
sum(increase(${COUNT}{${OF},response_code=~"5.."}[1h])) >= 6
)
or
(
sum(rate(${COUNT}{${OF},response_code=~"5.."}[6h])) / sum(rate(${COUNT}{${OF}}[6h])) > 0.0056
and
sum(rate(${COUNT}{${OF},response_code=~"5.."}[30m])) / sum(rate(${COUNT}{${OF}}[30m])) > 0.0056
and
sum(increase(${COUNT}{${OF},response_code=~"5.."}[6h])) >= 8
)`);
});

// 18 slow responses are 0.0933333 % of 19,286.
test('latency: the complementary quantile at the boundary below the threshold, over successful requests only', () => {
  const buckets = (window: string) =>
    `sum by (le) (rate(istio_io:service_client_roundtrip_latencies_bucket{${OF},response_code!~"5.."}[${window}]))`;

  expect(burnExpression({ requests: stock, thresholdMs: 300 }, burnRateAlerts.slice(2))).toBe(`(
histogram_quantile(0.999067, ${buckets('3d')}) > 256
and
histogram_quantile(0.999067, ${buckets('6h')}) > 256
and
sum(increase(${COUNT}{${OF},response_code!~"5.."}[3d])) >= 19286
)`);
});

test('an alert states from where responses count as slow, unless the threshold is a boundary', () => {
  const latencyPage = (thresholdMs: number) =>
    alertsNamed(
      'cart',
      edited(CART, 'slos: {', `slos: { latency: { targetPercent: 95, thresholdMs: ${thresholdMs} },`),
    ).find(({ name }) => name === 'latency-page')?.documentation;

  expect(latencyPage(300)).toContain('more than 50 % of responses took longer than 256 ms over the last 1 h');
  expect(latencyPage(300)).toContain(
    "SLO: 95 % of responses take less than 300 ms over 28 days. Responses of 256 to 300 ms count as slow, because the latency histogram has no boundary at 300 ms; over 512 ms they are slow for certain. The chart 'Slow responses over 1 h' of the SLO dashboard shows both shares.",
  );
  expect(latencyPage(512)).toContain('more than 50 % of responses took longer than 512 ms over the last 1 h');
  expect(latencyPage(512)).toContain('SLO: 95 % of responses take less than 512 ms over 28 days.\n\n');
});

test('absence: no requests, with or without series', () => {
  expect(absenceExpression(stock, 10)).toBe(`absent(sum(increase(${COUNT}{${OF}}[10m])) > 0)`);
});

// 20 requests at a tenth of the rate: 200 / rate seconds.
test('the no-traffic window has 20 requests at a tenth of the expected rate', () => {
  expect([20, 0.1, 0.05, 0.003, 0.002].map(absenceMinutes)).toEqual([10, 35, 70, 1_115, undefined]);
});

test('alerts of a critical service page, those of other services are tickets', () => {
  expect(alertsNamed('cart').map(({ name }) => name)).toEqual([
    'availability-page',
    'availability-ticket',
    'latency-page',
    'latency-ticket',
    'absence',
  ]);
  expect(alertsNamed('stock').map(({ name }) => name)).toEqual([
    'availability-ticket',
    'latency-ticket',
    'absence',
  ]);
  expect(alertsNamed('stock')[0]?.burnRateAlerts).toHaveLength(3);
});

test("alerts on a watched call have the callee's targets and notify the caller's owner", () => {
  const watched = edited(CART, 'service: stock, methods', 'service: stock, watched: true, methods');
  const alerts = alertsNamed('cart → stock', watched);

  expect(alerts.map(({ name }) => name)).toContain('stock-availability-page');
  for (const { labels, expression } of alerts) {
    expect(labels).toMatchObject({ service: 'cart', owner: 'team-cart' });
    expect(expression).toContain('source_canonical_service_name="cart"');
  }
});

const BROWSE = edited(
  'mesh.yaml',
  'domains:',
  `journeys:
  browse:
    description: How a shopper buys
    owner: team-shop
    entries: [web]
domains:`,
);

test('alerts on a journey page, and are measured at the ingress gateway', () => {
  const alerts = alertsNamed('journey browse', BROWSE);

  expect(alerts[0]).toMatchObject({
    name: 'journey-browse-availability-page',
    labels: { service: 'web', slo: 'journey-browse-availability', severity: 'page', owner: 'team-shop' },
  });
  expect(alerts[0]?.expression).toContain('source_canonical_service_name="ingress-gateway"');
});

test('a journey uses the resource name of its entry', () => {
  const renamed = edited('services/web.yaml', 'name: web', 'name: web\nresourceName: front');

  const [alert] = alertsNamed('journey browse', { ...BROWSE, ...renamed });
  expect(alert?.labels.service).toBe('front');
  expect(alert?.expression).toContain('destination_service_name=~"front|front-v1"');
});

test('every alert has an owner, labels, the affected clients and the automatic action', () => {
  for (const { labels, documentation } of subjects().flatMap(alertsOf)) {
    expect(Object.keys(labels).sort()).toEqual(['owner', 'service', 'severity', 'slo']);
    for (const value of Object.values(labels)) expect(value).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
    expect(documentation).toMatch(/- Affected: .+\.\n- Automatic action: .+\.\n- Owner: /);
    expect(documentation).toContain(`Owner: ${labels.owner}.`);
  }
});
