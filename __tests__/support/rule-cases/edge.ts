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
];
