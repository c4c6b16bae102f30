import {
  weightCapName,
  cappedWeightPercent,
  effectiveWeightCaps,
  parseWeightCap,
  releaseOf,
  renderWeightCap,
  type WeightCap,
} from '../../../model/canary/weight-cap';

const weightCap: WeightCap = {
  service: 'checkout',
  host: 'checkout-v2.purchasing.svc.cluster.local',
  release: 'sha256:5b2b',
  maximumWeightPercent: 10,
  action: 'pause',
  incident: '0.m1x2',
  time: '2026-01-31T10:00:00Z',
};
const release = { host: weightCap.host, release: weightCap.release, acknowledgedIncidents: [] };

test('a weight cap is read as it was rendered', () => {
  const object: unknown = JSON.parse(JSON.stringify(renderWeightCap(weightCap)));
  expect(parseWeightCap(object)).toEqual(weightCap);
});

test('the name follows from incident, service and release', () => {
  const name = weightCapName(weightCap);
  expect(name).toBe('weight-cap.checkout.rsha256-5b2b-0-m1x2');

  expect(weightCapName({ ...weightCap, incident: '0.m1x3' })).not.toBe(name);
  expect(weightCapName({ ...weightCap, service: 'check' })).not.toBe(name);
  const digest = `sha256:${'a'.repeat(63)}`;
  expect(weightCapName({ ...weightCap, release: `${digest}1` })).not.toBe(
    weightCapName({ ...weightCap, release: `${digest}2` }),
  );
});

test('two tags with the same ending have different names', () => {
  const tagged = (tag: string) =>
    weightCapName({ ...weightCap, release: `registry.example/shop/checkout:${tag}` });
  expect(tagged('a-2026-01-31-build.1')).not.toBe(tagged('b-2026-01-31-build.1'));
});

test('the name fits the limit of Kubernetes with the longest service, release and incident', () => {
  const name = weightCapName({
    ...weightCap,
    service: 's'.repeat(63),
    release: `sha256:${'f'.repeat(64)}`,
    incident: '0.'.padEnd(100, '1'),
  });
  expect(name.length).toBeLessThanOrEqual(253);
});

test.each([`sha256:${'f'.repeat(64)}`, 'registry.example/shop/checkout:1.2_'])(
  'the name for release %s is valid in Kubernetes',
  (release) => {
    expect(weightCapName({ ...weightCap, release })).toMatch(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    );
  },
);

test.each([
  ['another release', { ...release, release: 'sha256:9a63' }],
  ['another host', { ...release, host: 'cart-v2.purchasing.svc.cluster.local' }],
  ['an acknowledged incident', { ...release, acknowledgedIncidents: ['0.m1x2'] }],
])('a weight cap does not apply to %s', (_, canary) => {
  expect(effectiveWeightCaps([weightCap], canary)).toEqual([]);
});

test('the lowest of several weight caps applies, and never raises the committed weight', () => {
  const effective = effectiveWeightCaps(
    [weightCap, { ...weightCap, maximumWeightPercent: 5, incident: '0.b' }],
    release,
  );
  expect(cappedWeightPercent(25, effective)).toBe(5);
  expect(cappedWeightPercent(1, effective)).toBe(1);
  expect(cappedWeightPercent(25, [])).toBe(25);
});

test.each(['-1', '101', '5.5', '010', ''])(
  'a weight of %p is refused with the name of the object',
  (weight) => {
    const object = renderWeightCap(weightCap);
    const invalid = { ...object, data: { ...object.data, maximumWeightPercent: weight } };
    expect(() => parseWeightCap(invalid)).toThrow(
      "ConfigMap 'weight-cap.checkout.rsha256-5b2b-0-m1x2' is not a valid weight cap because of data.maximumWeightPercent",
    );
  },
);

test('a release is the digest of its image, or the whole reference if it has none', () => {
  expect(releaseOf({ image: 'registry.example/shop/checkout:v2@sha256:5b2b' })).toBe('sha256:5b2b');
  expect(releaseOf({ image: 'registry.example/sample/app:v1' })).toBe('registry.example/sample/app:v1');
});
