/** Routing and authorization decide about every request as the route table says, whatever its order. */
import fc from 'fast-check';
import { renderPublicRoutes } from '../../constructs/gateway/public-route';
import { externalClientRules, inboundRules } from '../../model/authorization';
import { preflightRules } from '../../model/browsers/preflight';
import { CallGraph } from '../../model/call-graph';
import { literalOf } from '../../model/path-pattern';
import { publicHosts, publicHostNames } from '../../model/public-routes';
import { commonNameHasOneRoute } from '../../model/rules/security/common-name-has-one-route';
import { openRoutesDoNotOverlap } from '../../model/rules/security/open-routes-do-not-overlap';
import { checkIngress } from '../../model/catalogue/graph-checks';
import { aCatalogue } from '../support/catalogue-fixture';

const [base] = aCatalogue().environments;
const [template] = base!.services;
const METHODS = ['GET', 'POST', 'DELETE'] as const;

const segment = fc.constantFrom('a', 'ab');
const path = fc
  .tuple(fc.array(segment, { maxLength: 2 }), fc.constantFrom('', '/', '/*', '/*'))
  .map(([segments, end]) => (segments.length === 0 ? end || '/' : `/${segments.join('/')}${end}`));
const route = fc.record({
  host: fc.constantFrom('web' as const, 'api' as const),
  methods: fc.subarray([...METHODS], { minLength: 1 }),
  paths: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
  jwt: fc.constantFrom('required' as const, 'none' as const),
  origins: fc.subarray(['pages', 'partner']),
  contentSecurityPolicy: fc.constantFrom({}, { 'script-src': ["'self'"] }),
  maxBodyMegabytes: fc.constant(10),
});
const table = fc.record({
  services: fc.array(fc.array(route, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  common: fc.boolean(),
});
const request = fc.record({
  host: fc.constantFrom('web' as const, 'api' as const),
  method: fc.constantFrom(...METHODS),
  /** Picks a declared path, and what follows it. */
  pick: fc.nat(),
  rest: fc.constantFrom('', 'a', 'a/x', 'x'),
  token: fc.boolean(),
  origin: fc.constantFrom('https://www.shop.example', 'https://partner.example', 'https://evil.example'),
});

const DEFAULTS = { origins: ['pages'], contentSecurityPolicy: {}, maxBodyMegabytes: 10 };

interface Sent {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly token: boolean;
}

function environmentOf({ services, common }: { services: readonly any[][]; common: boolean }): any {
  const web = 'www.shop.example';
  return {
    ...base,
    domainNames: { web, api: common ? web : 'api.shop.example' },
    browsers: { ...base!.browsers, origins: { partner: 'https://partner.example' } },
    externals: [],
    services: services.map((ingress, index) => ({
      ...template,
      name: `s${index}`,
      catalogueName: `s${index}`,
      host: `s${index}.sales`,
      versions: [{ ...template!.versions[0], host: `s${index}-v1.sales`, calls: [], externalCalls: [] }],
      ingress,
    })),
  };
}

function isValid(environment: any): boolean {
  return (
    checkIngress(environment.services).length === 0 &&
    openRoutesDoNotOverlap.check(environment, []).length === 0 &&
    commonNameHasOneRoute.check(environment, []).length === 0
  );
}

const NAMES: Readonly<Record<string, string>> = {
  'https://www.shop.example': 'pages',
  'https://partner.example': 'partner',
};

/** The route that decides: the longest path that declares the method; an exact path is longer than its prefix. */
function routeFor(environment: any, sent: Pick<Sent, 'host' | 'method' | 'path'>) {
  const candidates = environment.services.flatMap(({ name, ingress }: any) =>
    ingress
      .filter(
        ({ host, methods }: any) =>
          environment.domainNames[host] === sent.host && methods.includes(sent.method),
      )
      .flatMap((declared: any) =>
        declared.paths
          .filter((it: string) => matches(it, sent.path))
          .map((it: string) => ({ name, declared, it })),
      ),
  );
  const length = ({ it }: any) => literalOf(it).length + (it.endsWith('*') ? 0 : 0.5);
  return candidates.sort((a: any, b: any) => length(b) - length(a))[0];
}

function matches(pattern: string, requested: string): boolean {
  return pattern.endsWith('*') ? requested.startsWith(pattern.slice(0, -1)) : pattern === requested;
}

function expected(environment: any, sent: Sent): string {
  const best = routeFor(environment, sent);
  return best === undefined || (best.declared.jwt === 'required' && !sent.token) ? 'refused' : best.name;
}

/** A preflight is answered if the route of the announced request lets the origin call it. */
function isAnswered(environment: any, sent: Sent, origin: string): boolean {
  const best = routeFor(environment, sent);
  const other = `https://${sent.host}` !== origin;
  return other && best?.declared.origins.includes(NAMES[origin]) === true;
}

/** What the rendered objects do. */
function decided(environment: any, sent: Sent): string {
  const host = publicHosts(environment).find(({ name }) => name === sent.host);
  const rules = host ? renderPublicRoutes(host) : [];
  const routed: any = ruleFor(rules, sent, {});
  if (routed === undefined || routed.fault) return 'refused';
  const service = environment.services.find(
    ({ versions }: any) => versions[0].host === routed.route[0].destination.host,
  );
  const { set, add } = routed.headers.response;
  const { declared } = routeFor(environment, sent);
  const page = declared.host === 'web';
  expect(set['x-content-type-options']).toBe('nosniff');
  expect(add?.['content-security-policy'] !== undefined).toBe(page);
  if (page)
    expect(add['content-security-policy'].includes('script-src')).toBe(
      'script-src' in declared.contentSecurityPolicy,
    );
  const allowed = routed.corsPolicy?.allowOrigins.map(({ exact }: any) => NAMES[exact]) ?? [];
  expect([...allowed].sort()).toEqual(
    declared.origins
      .filter((name: string) => name !== 'pages' || sent.host !== environment.domainNames.web)
      .sort(),
  );
  const inbound = inboundRules(environment, service, new CallGraph(environment).callersOf(service.name));
  const [atGateway, atService] = [externalClientRules(environment), inbound].map((policy) =>
    policy.some((rule) => admits(rule, sent)),
  );
  if (atGateway !== atService) return `gateway ${atGateway}, service ${atService}`;
  return atGateway ? service.name : 'refused';
}

function ruleFor(
  rules: readonly any[],
  sent: Pick<Sent, 'path' | 'method'>,
  headers: Record<string, string>,
) {
  return rules.find((rule: any) =>
    rule.match.some(({ uri, method, headers: wanted = {} }: any) => {
      const meets = ([name, { exact, regex }]: any) =>
        exact === undefined ? new RegExp(`^(${regex})$`).test(headers[name] ?? '') : headers[name] === exact;
      if (!Object.entries(wanted).every(meets)) return false;
      if (uri === undefined) return true;
      if (uri.regex !== undefined) return new RegExp(`^${uri.regex}$`).test(sent.path);
      const onPath = uri.exact === undefined ? sent.path.startsWith(uri.prefix) : uri.exact === sent.path;
      return onPath && method.exact === sent.method;
    }),
  );
}

/** Whether authorization allows the preflight, and the CORS filter then answers it. */
function answered(environment: any, sent: Sent, origin: string): boolean {
  const preflight = { ...sent, method: 'OPTIONS' };
  const headers: Record<string, string> = { origin, 'access-control-request-method': sent.method };
  const isAllowed = preflightRules(environment).some(
    ({ to, when }) =>
      admits({ to }, preflight) &&
      when.every(({ key, values }) => values.includes(headers[/\[(.*)\]/.exec(key)![1]!]!)),
  );
  if (!isAllowed) return false;
  const host = publicHosts(environment).find(({ name }) => name === sent.host);
  const rule: any = ruleFor(host ? renderPublicRoutes(host) : [], preflight, headers);
  expect(rule.corsPolicy.allowOrigins).toContainEqual({ exact: origin });
  expect(rule.corsPolicy.allowMethods).toContain(sent.method);
  expect(rule.route[0].destination.host).toBe('ingress-gateway.ingress-gateway.svc.cluster.local');
  return true;
}

function admits(rule: any, sent: Sent): boolean {
  const [{ operation }] = rule.to;
  return (
    (rule.from?.[0].source.requestPrincipals === undefined || sent.token) &&
    (operation.hosts === undefined || operation.hosts.includes(sent.host)) &&
    operation.methods.includes(sent.method) &&
    operation.paths.some((pattern: string) => matches(pattern, sent.path)) &&
    !(operation.notPaths ?? []).some((pattern: string) => matches(pattern, sent.path))
  );
}

test('the most specific declared route decides about requests and preflights, for any route table', () => {
  let checked = 0;
  fc.assert(
    fc.property(table, fc.array(request, { minLength: 20, maxLength: 20 }), (drawn, requests) => {
      const environment = environmentOf(drawn);
      fc.pre(isValid(environment));
      const patterns: string[] = drawn.services.flat().flatMap(({ paths }) => paths);
      fc.pre(patterns.length > 0);
      for (const { host, method, token, pick, rest, origin } of requests) {
        const pattern = patterns[pick % patterns.length] ?? '/';
        const sent = {
          host: environment.domainNames[host],
          method,
          token,
          path: pattern.endsWith('*') ? pattern.replace('*', rest) : pattern,
        };
        checked += 1;
        expect([sent, decided(environment, sent)]).toEqual([sent, expected(environment, sent)]);
        expect([sent, origin, answered(environment, sent, origin)]).toEqual([
          sent,
          origin,
          isAnswered(environment, sent, origin),
        ]);
      }
    }),
    { numRuns: 100 },
  );
  expect(checked).toBeGreaterThan(1_000);
});

test('an open route for all pages does not cover the API of another service under the same name', () => {
  const pages = { host: 'web', methods: ['GET'], paths: ['/', '/*'], jwt: 'none', ...DEFAULTS };
  const account = {
    host: 'api',
    methods: ['GET', 'POST'],
    paths: ['/account/*'],
    jwt: 'required',
    ...DEFAULTS,
  };
  for (const services of [
    [[pages], [account]],
    [[account], [pages]],
  ]) {
    const environment = environmentOf({ services, common: true });
    const sent = { host: 'www.shop.example', method: 'GET', path: '/account/1', token: false };
    expect(decided(environment, sent)).toBe('refused');
    expect(decided(environment, { ...sent, path: '/about' })).not.toBe('refused');
    expect(publicHostNames(environment)).toEqual(['www.shop.example']);
  }
});
