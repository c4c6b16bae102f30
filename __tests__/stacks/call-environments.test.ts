/** A call that is limited to some environments exists nowhere else: no policy, scope or rule of another one has it. */
import { isObject } from '../../model/review/json';
import { errorsOf, aCatalogue, edited } from '../support/catalogue-fixture';
import { synthEnvironment } from '../support/synth';
import { TWO_ENVIRONMENTS, WISHLIST, releasesOf } from '../support/two-environments';

/** wishlist calls stock, in staging only; it runs in both environments. */
const LIMITED = {
  ...TWO_ENVIRONMENTS,
  'services/wishlist.yaml': WISHLIST.replace(
    'paths: [/stock/*] }',
    'paths: [/stock/*], environments: [staging] }',
  ),
  'releases/staging.yaml': releasesOf('staging', 'a', ['cart', 'stock', 'web', 'wishlist']),
  'releases/prod.yaml': releasesOf('prod', 'a', ['cart', 'stock', 'web', 'wishlist']),
};

/** Texts of the Kubernetes objects of one kind, by environment. */
function objects(changes: Readonly<Record<string, string | null>>, name: string, kind: string): string[] {
  const environment = aCatalogue(changes).environments.find((one) => one.name === name)!;
  return [...synthEnvironment(environment).values()].flatMap(({ resource = {} }) =>
    Object.values(resource['kubernetes_manifest'] ?? {}).flatMap(({ manifest }) =>
      isObject(manifest) && manifest['kind'] === kind ? [JSON.stringify(manifest)] : [],
    ),
  );
}

/** What each kind says about the call. */
const TRACES: readonly [kind: string, object: RegExp, trace: RegExp][] = [
  ['AuthorizationPolicy', /"app":"stock"/, /sa\/wishlist-v1/],
  ['Sidecar', /"app":"wishlist"/, /stock\.sales\.svc/],
  ['NetworkPolicy', /"podSelector":\{"matchLabels":\{"app":"stock"/, /"app":"wishlist"/],
];

test.each(TRACES)('%s', (kind, object, trace) => {
  const about = (name: string) => objects(LIMITED, name, kind).filter((text) => object.test(text));

  expect(about('staging').some((text) => trace.test(text))).toBe(true);
  expect(about('prod').length).toBeGreaterThan(0);
  expect(about('prod').filter((text) => trace.test(text))).toEqual([]);
});

test('its target needs no release where the call does not exist', () => {
  const unreleased = {
    ...LIMITED,
    'releases/prod.yaml': releasesOf('prod', 'a', ['wishlist']),
    'services/web.yaml': null,
    'services/cart.yaml': null,
    'releases/staging.yaml': releasesOf('staging', 'a', ['stock', 'wishlist']),
    'external/bank.yaml': null,
  };

  expect(errorsOf(unreleased)).toEqual([]);
  expect(errorsOf({ ...unreleased, 'services/wishlist.yaml': WISHLIST })).toEqual([
    "releases/prod.yaml:3:3: services.wishlist: 'wishlist' calls 'stock', which has no release in this environment; release 'stock' in the same change, or limit the call to other 'environments'",
  ]);
});

test('a third party is registered only where it is called', () => {
  const cart = edited(
    'services/cart.yaml',
    'paths: [/charges] }',
    'paths: [/charges], environments: [staging] }',
  );
  const externals = aCatalogue({ ...TWO_ENVIRONMENTS, ...cart }).environments.map((one) => [
    one.name,
    one.externals.length,
  ]);

  expect(externals).toEqual([
    ['prod', 0],
    ['staging', 1],
  ]);
});

test('an unknown environment is an error with a suggestion', () => {
  expect(
    errorsOf({
      ...LIMITED,
      'services/wishlist.yaml': WISHLIST.replace('[/stock/*] }', '[/stock/*], environments: [stagin] }'),
    }),
  ).toEqual([
    "services/wishlist.yaml:10:73: calls[0].environments[0]: 'stagin' is not a known environment; did you mean 'staging'?",
  ]);
});

test('positions in the file stay, so that violations name the right call', () => {
  const [web] = aCatalogue({
    ...TWO_ENVIRONMENTS,
    ...edited(
      'services/web.yaml',
      'calls:\n',
      'calls:\n  - { service: stock, methods: [GET], paths: [/stock/*], environments: [staging], optional: true }\n',
    ),
  })
    .environments.find(({ name }) => name === 'prod')!
    .services.filter(({ name }) => name === 'web');

  expect(web!.versions[0].calls.map(({ service, position }) => [service, position])).toEqual([['cart', 1]]);
});
