/** Routing and authorization decide about every request as the route table says, whatever its order. */
import fc from 'fast-check';
import { renderPublicRoutes } from '../../constructs/gateway/public-route';
import { externalClientRules, inboundRules } from '../../model/authorization';
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
});

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

function matches(pattern: string, requested: string): boolean {
  return pattern.endsWith('*') ? requested.startsWith(pattern.slice(0, -1)) : pattern === requested;
}

/** The rule in words: the longest path that declares the method decides; an exact path is longer than its prefix. */
function expected(environment: any, sent: Sent): string {
  const candidates = environment.services.flatMap(({ name, ingress }: any) =>
    ingress
      .filter(
        ({ host, methods }: any) =>
          environment.domainNames[host] === sent.host && methods.includes(sent.method),
      )
      .flatMap(({ paths, jwt }: any) =>
        paths.filter((it: string) => matches(it, sent.path)).map((it: string) => ({ name, jwt, it })),
      ),
  );
  const length = ({ it }: any) => literalOf(it).length + (it.endsWith('*') ? 0 : 0.5);
  const [best] = candidates.sort((a: any, b: any) => length(b) - length(a));
  if (best === undefined || (best.jwt === 'required' && !sent.token)) return 'refused';
  return best.name;
}

/** What the rendered objects do. */
function decided(environment: any, sent: Sent): string {
  const host = publicHosts(environment).find(({ name }) => name === sent.host);
  const rules = host ? renderPublicRoutes(host) : [];
  const routed: any = rules.find((rule: any) =>
    rule.match.some(({ uri, method, headers }: any) => {
      // The requests here have neither of the headers that refusals match.
      if (headers !== undefined) return false;
      if (uri.regex !== undefined) return new RegExp(`^${uri.regex}$`).test(sent.path);
      const onPath = uri.exact === undefined ? sent.path.startsWith(uri.prefix) : uri.exact === sent.path;
      return onPath && method.exact === sent.method;
    }),
  );
  if (routed === undefined || routed.fault) return 'refused';
  const service = environment.services.find(
    ({ versions }: any) => versions[0].host === routed.route[0].destination.host,
  );
  const inbound = inboundRules(environment, service, new CallGraph(environment).callersOf(service.name));
  const [atGateway, atService] = [externalClientRules(environment), inbound].map((policy) =>
    policy.some((rule) => admits(rule, sent)),
  );
  if (atGateway !== atService) return `gateway ${atGateway}, service ${atService}`;
  return atGateway ? service.name : 'refused';
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

test('the most specific declared route decides, for any route table', () => {
  let checked = 0;
  fc.assert(
    fc.property(table, fc.array(request, { minLength: 20, maxLength: 20 }), (drawn, requests) => {
      const environment = environmentOf(drawn);
      fc.pre(isValid(environment));
      const patterns: string[] = drawn.services.flat().flatMap(({ paths }) => paths);
      fc.pre(patterns.length > 0);
      for (const { host, method, token, pick, rest } of requests) {
        const pattern = patterns[pick % patterns.length] ?? '/';
        const sent = {
          host: environment.domainNames[host],
          method,
          token,
          path: pattern.endsWith('*') ? pattern.replace('*', rest) : pattern,
        };
        checked += 1;
        expect([sent, decided(environment, sent)]).toEqual([sent, expected(environment, sent)]);
      }
    }),
    { numRuns: 100 },
  );
  expect(checked).toBeGreaterThan(1_000);
});

test('an open route for all pages does not cover the API of another service under the same name', () => {
  const pages = { host: 'web', methods: ['GET'], paths: ['/', '/*'], jwt: 'none' };
  const account = { host: 'api', methods: ['GET', 'POST'], paths: ['/account/*'], jwt: 'required' };
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
