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

test('one detector for each objective, speed and cause', () => {
  expect(canaryDetectors(cart()).map(({ id, action }) => `${id} ${action}`)).toEqual([
    'fast-availability rollback',
    'slow-availability rollback',
    'shared-availability pause',
    'fast-latency rollback',
    'slow-latency rollback',
    'shared-latency pause',
  ]);
});

test('at 100 % there is no stable version to compare with, and every detector rolls back', () => {
  const detectors = canaryDetectors(cart('version: v2, weightPercent: 100'));

  expect(detectors.map(({ id, action }) => `${id} ${action}`)).toEqual([
    'fast-availability rollback',
    'slow-availability rollback',
    'fast-latency rollback',
    'slow-latency rollback',
  ]);
  expect(detectors.every(({ query }) => !query.includes('cart-v1'))).toBe(true);
});

test('no detector without a running canary', () => {
  const service = cart();

  expect(canaryDetectors({ ...service, versions: [service.versions[0]] })).toEqual([]);
});

test('queries count the step since it began, and the fast window since the release started', () => {
  const [fast, slow] = canaryDetectors(
    cart('version: v2, weightPercent: 10, startedAt: 2026-01-01T00:00:00Z, stepSince: 2026-01-01T01:00:00Z'),
  );
  const start = Date.parse('2026-01-01T00:00:00Z') / 1_000;

  // The first range of four minutes after it.
  expect(fast?.query).toContain(`[4m])) and on() (vector(time()) >= ${start + 240}))[299s:1m]) * 1 / 4`);
  expect(slow?.query).toContain(`[4m])) and on() (vector(time()) >= ${start + 3_840}))[14399s:1m]) * 1 / 4`);
});

test('a span of more than four hours has longer tiles', () => {
  const service = cart();
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) throw new Error('the cart has a canary');
  const [, slow] = canaryDetectors({
    ...service,
    canaryPolicy: { ...canaryPolicy, longestBakeMinutes: 1_440 },
  });

  expect(slow?.query).toContain('[86399s:6m]) * 6 / 7');
});

test('the summary names version, size, time and cause', () => {
  const summaries = canaryDetectors(cart()).map(({ summary }) => summary);

  expect(summaries).toEqual([
    'Error rate of cart v2 is above 2 % and is worse than v1: at least 8 requests failed in the last 5 min.',
    'Error rate of cart v2 since this step began is consistent with a 5× error-budget burn and is worse than v1.',
    'Error rate of cart v2 since this step began is consistent with a 5× error-budget burn, but v1 is no better: the cause is elsewhere.',
    'Share of cart v2 responses over 256 ms (SLO: 300 ms) is above 50 % and is worse than v1: at least 8 requests took over 256 ms in the last 5 min.',
    'Share of cart v2 responses over 256 ms (SLO: 300 ms) since this step began is consistent with a 5× error-budget burn and is worse than v1.',
    'Share of cart v2 responses over 256 ms (SLO: 300 ms) since this step began is consistent with a 5× error-budget burn, but v1 is no better: the cause is elsewhere.',
  ]);
});

test('without a stable version, the summary does not compare', () => {
  const [, slow] = canaryDetectors(cart('version: v2, weightPercent: 100'));

  expect(slow?.summary).toBe(
    'Error rate of cart v2 since this step began is consistent with a 5× error-budget burn.',
  );
});

test('a step bakes until it has enough requests, at least for bakeMinutes', () => {
  const service = cart();
  const at = (expectedRequestsPerSecond: number) =>
    canarySteps({ ...service, slos: { ...service.slos, expectedRequestsPerSecond } }).map(
      ({ decidedAfterMinutes, bakeMinutes }) => [decidedAfterMinutes, bakeMinutes],
    );

  expect(at(5)).toEqual([
    [159, 159],
    [125, 125],
    [30, 60],
  ]);
  expect(at(50).map(([, bake]) => bake)).toEqual([60, 60, 60]);
});
