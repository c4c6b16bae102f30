/** Rules about external clients: routes, tokens, webhooks, and what one client can hold. */
import { edited } from '../catalogue-fixture';
import { PRODUCTION } from './workloads';
import { TEST, WEB, type Changes, type RuleCase } from './rule-case';

const cloudArmor = (edge: string, shop: Changes = {}): Changes =>
  edited(TEST, 'network:', `edge: ${edge}\nnetwork:`, shop);
/** web with one more route. */
const webWith = (route: string, shop: Changes = {}): Changes =>
  edited(WEB, 'calls:', `  - ${route}\ncalls:`, shop);
const UPLOADS = '{ host: web, methods: [POST], paths: [/uploads], jwt: required }';

export const EDGE_CASES: readonly RuleCase[] = [
  {
    rule: 'RES-014',
    breaks: webWith(
      '{ host: web, methods: [POST], paths: [/uploads], jwt: required, maxBodiesInFlight: 51 }',
    ),
    finding:
      "services/web.yaml:9:88: ingress[1].maxBodiesInFlight: 51 requests with a body of each gateway pod take more than half of the pods of 'web'; use at most 50, or raise maxConnections or the replicas of the service [RES-014]",
    inside: webWith(
      '{ host: web, methods: [POST], paths: [/uploads], jwt: required, maxBodiesInFlight: 50 }',
    ),
  },
  {
    rule: 'SEC-007',
    breaks: cloudArmor('{ requestsPerMinute: 1929 }', PRODUCTION),
    finding:
      "environments/test.yaml:14:28: edge.requestsPerMinute: at 1929 a minute one address can hold 226 requests, more than half of the 450 that 3 gateway pods allow for 'web'; use at most 1928, or raise the connection pool limits of 'web' or ingress.minReplicas [SEC-007]",
    inside: cloudArmor('{ requestsPerMinute: 1928 }', PRODUCTION),
  },
  {
    rule: 'SEC-007',
    breaks: cloudArmor('{ writesPerMinute: 643 }', webWith(UPLOADS, PRODUCTION)),
    finding:
      "environments/test.yaml:14:26: edge.writesPerMinute: at 643 a minute one address can hold 76 requests, more than half of the 150 that 3 gateway pods allow for 'web'; use at most 642, or raise the connection pool limits of 'web' or ingress.minReplicas [SEC-007]",
    inside: cloudArmor('{ writesPerMinute: 642 }', webWith(UPLOADS, PRODUCTION)),
  },
  {
    rule: 'SEC-008',
    breaks: webhook({ jwt: 'required' }),
    finding: at(57, 'jwt', 'the caller of a webhook has no end-user token; use none, or remove webhook'),
    inside: webhook({}),
  },
  {
    rule: 'SEC-008',
    breaks: webhook({ methods: '[POST, PUT]' }),
    finding: at(27, 'methods', 'a webhook is called by POST only, not by POST, PUT; use [POST]'),
    inside: webhook({}),
  },
  {
    rule: 'SEC-008',
    breaks: webhook({ path: '/hooks/*' }),
    finding: at(42, 'paths', "[/hooks/*] has a prefix; use the caller's exact path"),
    inside: webhook({}),
  },
  {
    rule: 'SEC-008',
    breaks: webhook({ secret: 'other-key', shop: PRODUCTION }),
    finding: at(
      89,
      'webhook.signingSecret',
      "'web' does not mount the secret 'other-key'; add it to secrets, and verify each signature with it",
    ),
    inside: webhook({}),
  },
  {
    rule: 'SEC-014',
    breaks: webhook({ range: '198.51.0.0/15' }),
    finding: at(
      114,
      'webhook.sourceRanges[0]',
      '198.51.0.0/15 is wider than /16; use the ranges that the third party publishes, /16 or narrower',
      'SEC-014',
    ),
    inside: webhook({ range: '198.51.0.0/16' }),
  },
  {
    rule: 'SEC-015',
    breaks: webWith(
      '{ host: web, methods: [PUT], paths: [/me], jwt: none, requires: { scopes: [me.write] } }',
    ),
    finding:
      "services/web.yaml:9:53: ingress[1].jwt: [/me] requires claims, but no token; set jwt: 'required' on the route, or remove requires [SEC-015]",
    inside: webWith(
      '{ host: web, methods: [PUT], paths: [/me], jwt: required, requires: { scopes: [me.write] } }',
    ),
  },
];

/** web with a webhook, and a secret. */
function webhook({
  jwt = 'none',
  methods = '[POST]',
  path = '/hooks',
  secret = 'hook-key',
  range = '198.51.100.0/24',
  shop = {} as Changes,
}): Changes {
  const route = `{ host: api, methods: ${methods}, paths: [${path}], jwt: ${jwt}, webhook: { signingSecret: ${secret}, sourceRanges: [${range}] } }`;
  const secrets =
    'secrets: { hook-key: { description: Verifies calls }, other-key: { description: Another key } }';
  return edited(
    WEB,
    'timeoutMs',
    'secrets: [hook-key]\ntimeoutMs',
    webWith(route, edited('mesh.yaml', 'domains:', `${secrets}\ndomains:`, shop)),
  );
}

function at(column: number, field: string, message: string, rule = 'SEC-008'): string {
  return `services/web.yaml:9:${column}: ingress[1].${field}: ${message} [${rule}]`;
}
