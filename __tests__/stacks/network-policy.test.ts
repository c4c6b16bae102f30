import { connectionPasses, type Pod } from '../support/network-policy-evaluator';
import { environmentNamed, objectsOfKind, synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const mesh = synthEnvironment(prod).get('prod-mesh-policies');
const policies = objectsOfKind(mesh, 'NetworkPolicy');

const pods = objectsOfKind(mesh, 'Deployment').map(({ metadata, spec }) => ({
  name: metadata.name,
  pod: { namespace: metadata.namespace ?? '', labels: spec.template.metadata.labels } satisfies Pod,
  port: metadata.name.endsWith('gateway') ? 8_443 : spec.template.spec.containers[0].ports[0].containerPort,
}));

test('of all pairs of pods, exactly those of the drawn edges exchange packets', () => {
  const open = pods.flatMap((from) =>
    pods
      .filter((to) => to !== from && connectionPasses(policies, from.pod, to.pod, to.port))
      .map((to) => `${from.name} → ${to.name}`),
  );

  expect(open.sort()).toEqual([
    'checkout-v1 → cart-v1',
    'checkout-v1 → egress-gateway',
    'checkout-v1 → order-management-v1',
    'checkout-v1 → payment-v1',
    'checkout-v2 → cart-v1',
    'checkout-v2 → egress-gateway',
    'checkout-v2 → payment-v1',
    'ingress-gateway → cart-v1',
    'ingress-gateway → checkout-v1',
    'ingress-gateway → checkout-v2',
    'ingress-gateway → frontend-v1',
    'ingress-gateway → product-catalog-v1',
    'ingress-gateway → user-profile-v1',
    'payment-v1 → egress-gateway',
    'product-catalog-v1 → recommendation-v1',
  ]);
});

test('a pod with unknown labels in a namespace of the mesh reaches nobody', () => {
  const stranger: Pod = { namespace: 'purchasing', labels: { app: 'stranger' } };
  expect(pods.filter(({ pod, port }) => connectionPasses(policies, stranger, pod, port))).toEqual([]);
});

test('only the egress gateway may leave for the internet, and not into private networks', () => {
  const leaving = policies.filter(({ spec }) => JSON.stringify(spec.egress ?? []).includes('0.0.0.0/0'));

  expect(leaving.map(({ metadata }) => metadata.name)).toEqual(['egress-gateway']);
  const rule = leaving[0]?.spec.egress.find(({ to }: any) => to[0].ipBlock?.cidr === '0.0.0.0/0');
  expect(rule.to[0].ipBlock.except).toEqual(
    expect.arrayContaining(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16']),
  );
  expect(rule.ports).toEqual([{ port: 443, protocol: 'TCP' }]);
});

test('the database is open to its services alone, by its one address', () => {
  const reaching = policies.filter(({ spec }) =>
    JSON.stringify(spec.egress ?? []).includes(prod.network.databaseEndpointIp),
  );
  expect(reaching.map(({ metadata }) => metadata.name)).toEqual(['order-management-v1']);
});
