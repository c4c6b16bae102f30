import { edited } from '../catalogue-fixture';
import { CART, TEST, WEB, type Changes, type RuleCase } from './rule-case';
import { PRODUCTION } from './workloads';

const browsers = (text: string, shop: Changes = {}): Changes =>
  edited(TEST, 'jwt:\n', `browsers: { ${text} }\njwt:\n`, shop);
const pages = (text: string, shop: Changes = {}): Changes =>
  edited(WEB, 'paths: [/, /*], jwt: none', `paths: [/, /*], jwt: none, ${text}`, shop);
const reported = (path: string): Changes =>
  edited(
    WEB,
    'calls:',
    `  - { host: web, methods: [POST], paths: [${path}], jwt: none }\ncalls:`,
    browsers('contentSecurityPolicy: { reports: /csp }'),
  );

/** A production shop that handles cards, with the policy. */
function cardShop(policy: string): Changes {
  const inScope = edited(CART, 'pciScope: connected', 'pciScope: cardholder-data', PRODUCTION);
  const caller = edited(WEB, 'pciScope: out-of-scope', 'pciScope: connected', inScope);
  return browsers(`contentSecurityPolicy: { ${policy} }`, caller);
}
const REPORTS = 'reports: https://reports.example/csp';

export const BROWSERS_CASES: readonly RuleCase[] = [
  {
    rule: 'SEC-010',
    breaks: pages('origins: [partner]', browsers('origins: { partners: https://partner.example }')),
    finding:
      "services/web.yaml:8:71: ingress[0].origins[0]: environment 'test' names no origin 'partner'; did you mean 'partners'? [SEC-010]",
    inside: pages('origins: [partners]', browsers('origins: { partners: https://partner.example }')),
  },
  {
    rule: 'SEC-010',
    breaks: browsers('framedBy: [portal]'),
    finding:
      "environments/test.yaml:6:24: browsers.framedBy[0]: environment 'test' names no origin 'portal'; add it to browsers.origins of the environment, or use 'pages' [SEC-010]",
    inside: browsers('framedBy: [pages]'),
  },
  {
    rule: 'SEC-010',
    breaks: browsers('contentSecurityPolicy: { directives: { img-src: [pictures] } }'),
    finding:
      "environments/test.yaml:6:62: browsers.contentSecurityPolicy.directives.img-src[0]: environment 'test' names no origin 'pictures'; add it to browsers.origins of the environment, or use 'pages' [SEC-010]",
    inside: browsers('contentSecurityPolicy: { directives: { img-src: [api, "data:"] } }'),
  },
  {
    rule: 'SEC-010',
    breaks: browsers('origins: { api: https://partner.example }'),
    finding:
      "environments/test.yaml:6:29: browsers.origins.api: 'api' already names a public host of the environment; use another name [SEC-010]",
    inside: browsers('origins: { apis: https://partner.example }'),
  },
  {
    rule: 'SEC-011',
    breaks: browsers("pageOrigins: ['http://localhost:3000']", PRODUCTION),
    finding:
      "environments/test.yaml:10:27: browsers.pageOrigins[0]: 'http://localhost:3000' may call the API of production; use an origin with 'https://', or name it in a test environment only [SEC-011]",
    inside: browsers("pageOrigins: ['http://localhost:3000']"),
  },
  {
    rule: 'SEC-012',
    breaks: cardShop(REPORTS),
    finding:
      "environments/test.yaml:10:36: browsers.contentSecurityPolicy.directives: scripts of [/, /*] are not limited (PCI DSS 6.4.3); list the scripts' sources in browsers.contentSecurityPolicy, such as script-src: [\"'self'\"] [SEC-012]",
    inside: cardShop(`directives: { script-src: ["'self'"] }, ${REPORTS}`),
  },
  {
    rule: 'SEC-012',
    breaks: cardShop(`directives: { default-src: ["'self'", "'unsafe-inline'"] }, ${REPORTS}`),
    finding:
      "environments/test.yaml:10:65: browsers.contentSecurityPolicy.directives.default-src: 'unsafe-inline' lets scripts run on [/, /*] that nobody has listed (PCI DSS 6.4.3); use hashes, or hosts that serve only listed scripts [SEC-012]",
    inside: cardShop(`directives: { default-src: ["'self'"], style-src: ["'unsafe-inline'"] }, ${REPORTS}`),
  },
  {
    rule: 'SEC-012',
    breaks: cardShop(`directives: { script-src: ["'self'"] }`),
    finding:
      'environments/test.yaml:10:36: browsers.contentSecurityPolicy.reports: violations are reported nowhere (PCI DSS 11.6.1); set a path or a URL [SEC-012]',
    inside: cardShop(`directives: { script-src: ["'self'"] }, ${REPORTS}`),
  },
  {
    rule: 'SEC-012',
    breaks: cardShop(`mode: report-only, directives: { script-src: ["'self'"] }, ${REPORTS}`),
    finding:
      "environments/test.yaml:10:44: browsers.contentSecurityPolicy.mode: 'report-only' blocks no script (PCI DSS 6.4.3); use 'enforce', or a waiver while it is new [SEC-012]",
    inside: cardShop(`mode: enforce, directives: { script-src: ["'self'"] }, ${REPORTS}`),
  },
  {
    rule: 'SEC-013',
    breaks: reported('/csps'),
    finding:
      "environments/test.yaml:6:47: browsers.contentSecurityPolicy.reports: no route takes POST /csp without a token; declare a route with host web, methods [POST], that path and jwt: 'none' [SEC-013]",
    inside: reported('/csp'),
  },
];
