import { canaryDetectors } from '../../../model/canary/detectors';
import { canarySteps } from '../../../model/canary/steps';
import type { Service } from '../../../model/service';
import { aCatalogue, edited } from '../../support/catalogue-fixture';

const RELEASE = 'releases/test.yaml';

function cart(release = 'version: v2, weightPercent: 10'): Service {
  const changes = edited(RELEASE, 'version: v2, weightPercent: 10', release);
  const [environment] = aCatalogue(changes).environments;
  const service = environment?.services.find(({ name }) => name === 'cart');
  if (service === undefined) throw new Error('the small shop has a cart');
  return service;
}

test('there is one for each promise, speed and cause', () => {
  expect(canaryDetectors(cart()).map(({ id, action }) => `${id} ${action}`)).toEqual([
    'fast-availability rollback',
    'slow-availability rollback',
    'shared-availability pause',
    'fast-latency rollback',
    'slow-latency rollback',
    'shared-latency pause',
  ]);
});

test('at 100 % there is nothing to compare with, and each asks for a rollback', () => {
  const detectors = canaryDetectors(cart('version: v2, weightPercent: 100'));

  expect(detectors.map(({ id, action }) => `${id} ${action}`)).toEqual([
    'fast-availability rollback',
    'slow-availability rollback',
    'fast-latency rollback',
    'slow-latency rollback',
  ]);
  expect(detectors.every(({ query }) => !query.includes('cart-v1'))).toBe(true);
});

test('a service whose canary does not run has none', () => {
  const service = cart();

  expect(canaryDetectors({ ...service, versions: [service.versions[0]] })).toEqual([]);
});

test('the times of the release are constants of the queries: the step counts from its own, the window from the start', () => {
  const [fast, slow] = canaryDetectors(
    cart('version: v2, weightPercent: 10, startedAt: 2026-01-01T00:00:00Z, stepSince: 2026-01-01T01:00:00Z'),
  );
  const start = Date.parse('2026-01-01T00:00:00Z') / 1_000;

  // A tile of a minute must lie after it.
  expect(fast?.query).toContain(`vector(time()) >= ${start + 60}))[5m:1m])`);
  expect(slow?.query).toContain(`vector(time()) >= ${start + 3_660}))[240m:1m])`);
});

test('more than four hours are paved with longer tiles', () => {
  const service = cart();
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) throw new Error('the cart has a canary');
  const [, slow] = canaryDetectors({
    ...service,
    canaryPolicy: { ...canaryPolicy, longestBakeMinutes: 1_440 },
  });

  expect(slow?.query).toContain('[1440m:6m])');
});

test('what people are told names the version, the share and the cause', () => {
  const [fast, slow, shared] = canaryDetectors(cart());

  expect(fast?.says).toBe('more than 2 % of the requests to cart v2 fail over 5 min, and v1 is better');
  expect(slow?.says).toBe(
    'so many of the requests to cart v2 fail since the step began that 5 times its budget is meant, not once, and v1 is better',
  );
  expect(shared?.says).toContain('and v1 is no better: the cause is elsewhere');
});

test('a step bakes for as long as its requests need, and for bakeMinutes at least', () => {
  const service = cart();
  const at = (expectedRequestsPerSecond: number) =>
    canarySteps({ ...service, slos: { ...service.slos, expectedRequestsPerSecond } }).map(
      ({ decidedAfterMinutes, bakeMinutes }) => [decidedAfterMinutes, bakeMinutes],
    );

  expect(at(5)).toEqual([
    [157, 157],
    [123, 123],
    [28, 60],
  ]);
  expect(at(50).map(([, bake]) => bake)).toEqual([60, 60, 60]);
});
