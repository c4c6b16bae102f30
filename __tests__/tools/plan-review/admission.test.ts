/** What a review says when a route requires less of external clients. */
import { externalClientRules, inboundRules } from '../../../model/authorization';
import { CallGraph } from '../../../model/call-graph';
import { compareFacts } from '../../../model/review/fact-change';
import { accessFacts } from '../../../model/review/facts/access';
import { publicExposure } from '../../../model/review/flags/public-exposure';
import { aCatalogue, edited } from '../../support/catalogue-fixture';

const ROUTE = '  - { host: web, methods: [GET], paths: [/, /*], jwt: none }';
const SECRET = edited(
  'mesh.yaml',
  'domains:',
  'secrets: { hook-key: { description: Verifies calls } }\ndomains:',
);

/** Facts of the policies of gateway and service, for web with one more route. */
function factsWith(route: string) {
  const shop = edited('services/web.yaml', ROUTE, `${ROUTE}\n  - ${route}`, SECRET);
  const withSecret = edited('services/web.yaml', 'timeoutMs', 'secrets: [hook-key]\ntimeoutMs', shop);
  const [environment] = aCatalogue(withSecret).environments;
  const web = environment?.services.find(({ name }) => name === 'web');
  if (environment === undefined || web === undefined) throw new Error('the fixture has no web');
  const facts = (app: string, rules: unknown) =>
    accessFacts(
      {
        apiVersion: 'security.istio.io/v1beta1',
        kind: 'AuthorizationPolicy',
        name: app,
        namespace: 'sales',
        spec: { selector: { matchLabels: { app } }, action: 'ALLOW', rules },
      } as never,
      app,
    );
  return [
    ...facts('ingress-gateway', externalClientRules(environment)),
    ...facts('web', inboundRules(environment, web, new CallGraph(environment).callersOf('web'))),
  ];
}

function exposedBy(before: string, after: string): string[] {
  const facts = compareFacts(factsWith(before), factsWith(after));
  return publicExposure.find({ facts, changes: [] } as never).map(({ message }) => message);
}

const profile = (requires: string) =>
  `{ host: api, methods: [PUT], paths: [/me], jwt: required${requires === '' ? '' : `, requires: ${requires}`} }`;
const hook = (ranges: string) =>
  `{ host: api, methods: [POST], paths: [/hook], jwt: none, webhook: { signingSecret: hook-key, sourceRanges: [${ranges}] } }`;

test('a scope or a claim that is no longer required is an exposure, at the gateway and at the service', () => {
  expect(exposedBy(profile('{ scopes: [me.write, me.read] }'), profile('{ scopes: [me.read] }'))).toEqual([
    'api.shop.example PUT /me no longer needs scope me.write',
    'PUT /me no longer needs scope me.write',
  ]);
  expect(
    exposedBy(profile('{ claims: { role: [admin] } }'), profile('{ claims: { role: [admin, user] } }')),
  ).toEqual([
    'api.shop.example PUT /me no longer needs claim role: admin',
    'PUT /me no longer needs claim role: admin',
  ]);
});

test('a scope that is required from now on is none', () => {
  expect(exposedBy(profile(''), profile('{ scopes: [me.write] }'))).toEqual([]);
});

test('an added source address of a webhook is an exposure, a removed one is none', () => {
  const [one, two] = ['198.51.100.0/24', '203.0.113.0/24'];
  expect(exposedBy(hook(one), hook(`${one}, ${two}`))).toEqual([
    'api.shop.example POST /hook no longer needs its former source addresses: 203.0.113.0/24 added',
  ]);
  expect(exposedBy(hook(`${one}, ${two}`), hook(one))).toEqual([]);
});

test('a new webhook is an exposure to its source addresses', () => {
  expect(exposedBy(profile(''), hook('198.51.100.0/24'))).toContain(
    'new route api.shop.example POST /hook, end-user token: none, only from 198.51.100.0/24',
  );
});
