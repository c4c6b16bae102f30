import { renderAlertLoad, renderSlos, sloTables } from '../../tools/commands/slo';
import { environmentNamed } from '../../tools/selection';
import { aCatalogue, edited } from '../support/catalogue-fixture';

const WATCHED = edited(
  'services/cart.yaml',
  'service: stock, methods',
  'service: stock, watched: true, methods',
);
const shop = environmentNamed(aCatalogue(WATCHED), 'test');
const cart = shop.services.find(({ name }) => name === 'cart');

// 5 requests/s are 18,000 per hour: more than 1.344 % of them is 242; in 6 h more than 0.56 % of 108,000 is 605.
test('prints when each alert fires and the error budget spent by then', () => {
  const [table] = sloTables(shop, cart);

  expect(renderSlos([table!])).toBe(`cart: 99.9 % of requests succeed over 28 days
  at 5 requests/s, owner team-cart; no-traffic alert: after 10 min
  alert   long window  short window  burn rate  threshold  bad events needed  at 100 % bad events  at 10 % bad events  at 1 % bad events
  page    1 h          10 min        13.4       1.34 %     242                0.806 min, 2 %       8.06 min, 2 %       never
  page    6 h          30 min        5.6        0.56 %     605                2.02 min, 5 %        20.2 min, 5 %       3.36 h, 5 %
  ticket  3 d          6 h           0.933      0.0933 %   1210               4.03 min, 10 %       40.3 min, 10 %      6.72 h, 10 %`);
});

test('prints from where responses count as slow, and from where they are slow for certain', () => {
  const [, exact, , between] = sloTables(
    environmentNamed(
      aCatalogue(
        edited('services/cart.yaml', 'slos: {', 'slos: { latency: { targetPercent: 95, thresholdMs: 256 },'),
      ),
      'test',
    ),
  );

  expect(exact?.reading).toEqual({ thresholdMs: 256, countedFromMs: 256, certainFromMs: 256, error: 0 });
  expect(renderSlos([exact!])).not.toContain('count as slow');
  expect(between?.reading).toMatchObject({ thresholdMs: 300, countedFromMs: 256, certainFromMs: 512 });
  expect(renderSlos([between!])).toContain(
    '\n  responses of 256 to 300 ms count as slow, because the latency histogram has no boundary at 300 ms; over 512 ms they are slow for certain\n',
  );
});

test('notes adjusted and omitted alerts', () => {
  const lenient = edited(
    'services/stock.yaml',
    'slos: {',
    'slos: { latency: { targetPercent: 90, thresholdMs: 300 },',
  );
  const catalogue = aCatalogue(lenient);
  const text = renderSlos(sloTables(environmentNamed(catalogue, 'test')));

  expect(text).toContain('  ticket over 1 h: lowered from 134 %, which few outages reach');
  expect(text).toContain('  no page over 6 h: never fires before the alert over 1 h');
});

test('prints how much the alerts of the environment query', () => {
  expect(renderAlertLoad(shop)).toMatch(
    /^\d+ alert policies of SLOs and running canaries: \d+ evaluations a minute with \d+ queries, which return a point each, and 6310 steps of subqueries$/,
  );
});

test('covers a service with its watched edges, or the whole environment', () => {
  const titles = (tables: ReturnType<typeof sloTables>) => [...new Set(tables.map(({ subject }) => subject))];

  expect(titles(sloTables(shop, cart))).toEqual(['cart', 'cart → stock']);
  expect(titles(sloTables(shop))).toEqual(['cart', 'cart → stock', 'stock', 'web']);
});
