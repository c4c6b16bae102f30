import fc from 'fast-check';
import { cidrContains, cidrsOverlap } from '../../model/cidr';
import { iamPrincipal, principal } from '../../model/naming';
import { pathMatch, pathsOverlap } from '../../model/path-pattern';
import { cpuQuantity, duration, memoryQuantity } from '../../model/quantity';
import { shutdownPlan } from '../../model/shutdown';

test('quantities have the canonical form of the API server', () => {
  expect([cpuQuantity(250), cpuQuantity(2_000), memoryQuantity(256), memoryQuantity(2_048)]).toEqual([
    '250m',
    '2',
    '256Mi',
    '2Gi',
  ]);
  expect([duration(250), duration(3_000), duration(1_500)]).toEqual(['250ms', '3s', '1500ms']);
});

test('principals use the fleet workload identity pool, never cluster.local', () => {
  expect(principal('shop-prod', 'purchasing', 'cart-v1')).toBe(
    'shop-prod.svc.id.goog/ns/purchasing/sa/cart-v1',
  );
  expect(iamPrincipal({ id: 'shop-prod', number: '42' }, 'purchasing', 'cart-v1')).toBe(
    'principal://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/shop-prod.svc.id.goog/subject/ns/purchasing/sa/cart-v1',
  );
});

test('a prefix does not match its parent path', () => {
  expect(pathMatch('/carts/*')).toEqual({ prefix: '/carts/' });
  expect(pathMatch('/carts')).toEqual({ exact: '/carts' });
  expect(pathsOverlap('/carts', '/carts/*')).toBe(false);
  expect(pathsOverlap('/carts/7', '/carts/*')).toBe(true);
  expect(pathsOverlap('/*', '/carts/*')).toBe(true);
  expect(pathsOverlap('/cart/*', '/carts/*')).toBe(false);
});

test('two ranges overlap exactly if they share an address', () => {
  const cidr = fc
    .tuple(fc.nat({ max: 255 }), fc.integer({ min: 24, max: 32 }))
    .map(([octet, prefix]) => `10.0.0.${octet}/${prefix}`);
  fc.assert(
    fc.property(cidr, cidr, (left, right) => {
      const addresses = Array.from({ length: 256 }, (_, octet) => `10.0.0.${octet}`);
      const shared = addresses.some((address) => cidrContains(left, address) && cidrContains(right, address));
      expect(cidrsOverlap(left, right)).toBe(shared);
    }),
  );
});

test('a terminating pod outlives its longest request', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600_000 }), (timeoutMs) => {
      const plan = shutdownPlan(timeoutMs);
      expect(plan.proxyDrainSeconds).toBeGreaterThanOrEqual(plan.preStopSeconds + timeoutMs / 1_000);
      expect(plan.gracePeriodSeconds).toBeGreaterThan(plan.proxyDrainSeconds);
    }),
  );
});
