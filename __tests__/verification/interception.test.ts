import { interceptionTests, redirectedWorkload } from '../../verification/mesh-lab/interception/tests';
import { unmetRequirement } from '../../verification/mesh-lab/interception/unmet-requirement';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';

const prod = environmentNamed(catalogue(), 'prod');

test('the redirected pod calls a third party and services', () => {
  const { version } = redirectedWorkload(prod) ?? {};

  expect(version?.externalCalls).not.toEqual([]);
  expect(version?.calls).not.toEqual([]);
  expect(redirectedWorkload({ ...prod, services: [] })).toBeUndefined();
});

test('its tests follow from the catalogue', () => {
  const redirected = redirectedWorkload(prod);
  if (redirected === undefined) throw new Error('prod calls no third party');
  const ids = interceptionTests(prod, redirected, () => {
    throw new Error('the pod is not started');
  }).map(({ id }) => id);

  expect(ids).toContain('interception/checkout-v1-cannot-bypass-the-egress-gateway-to-payment-gateway');
  expect(new Set(ids).size).toBe(ids.length);
});

test('the missing program is named', () => {
  expect(unmetRequirement((name) => name !== 'iptables')).toBe(
    'iptables is not installed (iptables, iproute2, util-linux)',
  );
});
