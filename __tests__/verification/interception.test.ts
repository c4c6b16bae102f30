import { interceptionTests, redirectedWorkload } from '../../verification/mesh-lab/interception/tests';
import { interceptionObstacle } from '../../verification/mesh-lab/interception/obstacle';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';

const prod = environmentNamed(catalogue(), 'prod');

test('the pod whose connections are redirected calls a third party and services', () => {
  const { version } = redirectedWorkload(prod) ?? {};

  expect(version?.externalCalls).not.toEqual([]);
  expect(version?.calls).not.toEqual([]);
  expect(redirectedWorkload({ ...prod, services: [] })).toBeUndefined();
});

test('what is claimed of it follows from the catalogue', () => {
  const redirected = redirectedWorkload(prod);
  if (redirected === undefined) throw new Error('prod calls no third party');
  const ids = interceptionTests(prod, redirected, () => {
    throw new Error('asked before there was a world');
  }).map(({ id }) => id);

  expect(ids).toContain('interception/checkout-v1-never-past-the-egress-gateway-to-payment-gateway');
  expect(new Set(ids).size).toBe(ids.length);
});

test('a machine that lacks a program is told which', () => {
  expect(interceptionObstacle((name) => name !== 'iptables')).toBe(
    'iptables is not installed (iptables, iproute2, util-linux)',
  );
});
