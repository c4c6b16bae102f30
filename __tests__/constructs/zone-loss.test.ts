import { aCatalogue } from '../support/catalogue-fixture';
import { objectsOfKind, synthEnvironment } from '../support/synth';

const stack = synthEnvironment(aCatalogue().environments[0]!).get('test-mesh-policies');
const deployments = objectsOfKind(stack, 'Deployment').map((one) => [one.metadata.name, one] as const);
const budgets = objectsOfKind(stack, 'PodDisruptionBudget').map((one) => [one.metadata.name, one] as const);
const workloads = ['cart-v1', 'cart-v2', 'egress-gateway', 'ingress-gateway', 'stock-v1', 'web-v1'];

test('every service version and gateway is checked', () => {
  expect(deployments.map(([name]) => name).sort()).toEqual(workloads);
  expect(budgets.map(([name]) => name).sort()).toEqual(workloads);
});

test.each(deployments)('a failed zone blocks no new pod of %s', (name, { spec }) => {
  const required = /^cart|gateway/.test(name) ? 'DoNotSchedule' : 'ScheduleAnyway';
  const { metadata, spec: pod } = spec.template;
  const common = { maxSkew: 1, matchLabelKeys: ['pod-template-hash'], nodeTaintsPolicy: 'Honor' };

  expect(pod.topologySpreadConstraints).toMatchObject([
    { ...common, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: required },
    { ...common, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  ]);
  for (const { labelSelector } of pod.topologySpreadConstraints) {
    expect(labelSelector.matchLabels).toEqual(spec.selector.matchLabels);
    expect(metadata.labels).toMatchObject(labelSelector.matchLabels);
  }
});

test.each(budgets)('a crash-looping pod of %s does not delay a drain', (_, { spec }) => {
  expect(spec.unhealthyPodEvictionPolicy).toBe('AlwaysAllow');
});
