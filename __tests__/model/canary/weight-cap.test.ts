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

test('what the guard writes is what the plan reads', () => {
  const object: unknown = JSON.parse(JSON.stringify(renderWeightCap(weightCap)));
  expect(parseWeightCap(object)).toEqual(weightCap);
});

test('an incident has one name for a release; another incident, service or release has another', () => {
  const name = weightCapName(weightCap);
  expect(name).toBe('weight-cap.checkout.rsha256-5b2b-0-m1x2');

  expect(weightCapName({ ...weightCap, incident: '0.m1x3' })).not.toBe(name);
  expect(weightCapName({ ...weightCap, service: 'check' })).not.toBe(name);
  const digest = `sha256:${'a'.repeat(63)}`;
  expect(weightCapName({ ...weightCap, release: `${digest}1` })).not.toBe(
    weightCapName({ ...weightCap, release: `${digest}2` }),
  );
});

test('two tags of one ending have two names', () => {
  const tagged = (tag: string) =>
    weightCapName({ ...weightCap, release: `registry.example/shop/checkout:${tag}` });
  expect(tagged('a-2026-01-31-build.1')).not.toBe(tagged('b-2026-01-31-build.1'));
});

test('the longest service, release and incident make a name that is not too long', () => {
  const name = weightCapName({
    ...weightCap,
    service: 's'.repeat(63),
    release: `sha256:${'f'.repeat(64)}`,
    incident: '0.'.padEnd(100, '1'),
  });
  expect(name.length).toBeLessThanOrEqual(253);
});

test.each([`sha256:${'f'.repeat(64)}`, 'registry.example/shop/checkout:1.2_'])(
  'of the release %s it is a name that Kubernetes takes',
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
])('%s is free', (_, canary) => {
  expect(effectiveWeightCaps([weightCap], canary)).toEqual([]);
});

test('the lowest ceiling of several holds, and never raises what is committed', () => {
  const holding = effectiveWeightCaps(
    [weightCap, { ...weightCap, maximumWeightPercent: 5, incident: '0.b' }],
    release,
  );
  expect(cappedWeightPercent(25, holding)).toBe(5);
  expect(cappedWeightPercent(1, holding)).toBe(1);
  expect(cappedWeightPercent(25, [])).toBe(25);
});

test.each(['-1', '101', '5.5', '010', ''])(
  'a weight of %p is refused with the name of the object',
  (weight) => {
    const object = renderWeightCap(weightCap);
    const corrupted = { ...object, data: { ...object.data, maximumWeightPercent: weight } };
    expect(() => parseWeightCap(corrupted)).toThrow(
      "ConfigMap 'weight-cap.checkout.rsha256-5b2b-0-m1x2' is no ceiling: look at data.maximumWeightPercent",
    );
  },
);

test('a release is told by its digest, and by the whole reference where there is none', () => {
  expect(releaseOf({ image: 'registry.example/shop/checkout:v2@sha256:5b2b' })).toBe('sha256:5b2b');
  expect(releaseOf({ image: 'registry.example/sample/app:v1' })).toBe('registry.example/sample/app:v1');
});
