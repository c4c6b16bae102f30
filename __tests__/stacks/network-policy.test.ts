import { connectionPasses, type Pod } from '../support/network-policy-evaluator';
import { environmentNamed } from '../support/catalogues';
import { objectsOfKind, synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const mesh = synthEnvironment(prod).get('prod-mesh-policies');
const policies = objectsOfKind(mesh, 'NetworkPolicy');

const pods = objectsOfKind(mesh, 'Deployment').map(({ metadata, spec }) => ({
  name: metadata.name,
  pod: { namespace: metadata.namespace ?? '', labels: spec.template.metadata.labels } satisfies Pod,
  port: metadata.name.endsWith('gateway') ? 8_443 : spec.template.spec.containers[0].ports[0].containerPort,
}));

test('exactly the pods of the required edges can connect', () => {
  const allowed = pods.flatMap((from) =>
    pods
      .filter((to) => to !== from && connectionPasses(policies, from.pod, to.pod, to.port))
      .map((to) => `${from.name} → ${to.name}`),
  );

  expect(allowed.sort()).toEqual([
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
    'ingress-gateway → payment-v1',
    'ingress-gateway → product-catalog-v1',
    'ingress-gateway → user-profile-v1',
    'payment-v1 → egress-gateway',
    'product-catalog-v1 → recommendation-v1',
  ]);
});

test('a pod with unknown labels in a namespace of the mesh cannot connect to any pod', () => {
  const unknownPod: Pod = { namespace: 'purchasing', labels: { app: 'unknown' } };
  expect(pods.filter(({ pod, port }) => connectionPasses(policies, unknownPod, pod, port))).toEqual([]);
});

test('only the egress gateway can connect to the internet, and not to private networks', () => {
  const toInternet = policies.filter(({ spec }) => JSON.stringify(spec.egress ?? []).includes('0.0.0.0/0'));

  expect(toInternet.map(({ metadata }) => metadata.name)).toEqual(['egress-gateway']);
  const rule = toInternet[0]?.spec.egress.find(({ to }: any) => to[0].ipBlock?.cidr === '0.0.0.0/0');
  expect(rule.to[0].ipBlock.except).toEqual(
    expect.arrayContaining(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16']),
  );
  expect(rule.ports).toEqual([{ port: 443, protocol: 'TCP' }]);
});

test('only services with a database can connect to it, at its address', () => {
  const toDatabase = policies.filter(({ spec }) =>
    JSON.stringify(spec.egress ?? []).includes(prod.network.databaseEndpointIp),
  );
  expect(toDatabase.map(({ metadata }) => metadata.name)).toEqual(['order-management-v1']);
});
