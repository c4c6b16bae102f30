/** Where requests go, in the mesh, at the public hosts and to third parties: every method, path and shape. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { declaredRoutes } from './declared-requests';
import { declaredAtPublicHost, declaredInMesh, declaredToThirdParty } from './declared-routes';
import { Inspection } from './inspection';
import { findObject } from './inventory';
import { routeOutcome, type HttpRule, type Outcome, type RoutedRequest } from './route-evaluator';
import { specOf, type Judge } from './subject';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const AMBIGUOUS = ['%2f', '%2F', '%5c', '%5C', '%25', '%00', '%c0', '%C1', '..%2fadmin'];

interface RoutedHost {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly gateways: readonly string[];
  readonly services: readonly Service[];
  readonly paths: readonly string[];
  readonly declared: (request: RoutedRequest) => Outcome;
}

export const routesJudge: Judge = {
  name: 'routes',
  kinds: ['VirtualService'],
  judge: (subject) => {
    const findings: string[] = [];
    for (const routed of routedHosts(subject.environment)) {
      const object = findObject(subject, 'VirtualService', routed.namespace, routed.name);
      if (object === undefined) continue;
      const inspection = Inspection.of(object, findings);
      inspectFields(inspection, routed, subject.environment);
      inspection.close();
      const { http = [] } = specOf<{ readonly http?: readonly HttpRule[] }>(object);
      findings.push(
        ...differences(routed, http, subject.environment.domainNames.web).map(
          (text) => `${object.metadata.namespace}/${object.metadata.name}: ${text}`,
        ),
      );
    }
    return findings;
  },
};

function routedHosts(environment: Environment): RoutedHost[] {
  const { services, externals, domainNames } = environment;
  const routes = declaredRoutes(environment);
  const publicNames = domainNames.web === domainNames.api ? (['web'] as const) : (['web', 'api'] as const);
  return [
    ...services.map((service) => ({
      namespace: service.namespace,
      name: service.name,
      host: service.host,
      gateways: ['mesh'],
      services: [service],
      paths: ['/', '/lab', ...routes.filter((route) => route.service === service).map(({ path }) => path)],
      declared: (request: RoutedRequest) => declaredInMesh(service, request),
    })),
    ...publicNames.map((id) => {
      const host = domainNames[id];
      const own = routes.filter((route) => route.host === host);
      return {
        namespace: 'ingress-gateway',
        name: id,
        host,
        gateways: ['ingress-gateway/ingress-gateway'],
        services: services.filter((service) => own.some((route) => route.service === service)),
        paths: ['/', '/lab/undeclared', ...own.map(({ path }) => path)],
        declared: (request: RoutedRequest) => declaredAtPublicHost(environment, host, request),
      };
    }),
    ...externals.map((external) => ({
      namespace: 'egress-gateway',
      name: external.name,
      host: external.host,
      gateways: ['mesh', 'egress-gateway'],
      services: [],
      paths: ['/', '/lab'],
      declared: (request: RoutedRequest) => declaredToThirdParty(external, request),
    })),
  ];
}

function inspectFields(object: Inspection, routed: RoutedHost, { acknowledgedIncidents }: Environment): void {
  inspectSplit(object.child('metadata'), routed.services, acknowledgedIncidents);
  object.neutral('kind');
  const spec = object.child('spec');
  spec.is('hosts', [routed.host]);
  spec.is('gateways', [...routed.gateways]);
  const names = new Set<string>();
  const isPublic = routed.namespace === 'ingress-gateway';
  for (const rule of spec.items('http')) {
    const name = rule.text('name');
    // The admission policies compare the routes of two versions of the object by name.
    if (name === '' || names.has(name)) rule.finding(`the name '${name}' does not identify the rule`);
    names.add(name);
    for (const match of rule.items('match')) {
      for (const key of ['uri', 'method']) match.child(key).neutral('exact', 'prefix', 'regex');
      match.neutral('headers', 'gateways', 'port');
    }
    for (const route of rule.items('route')) {
      route.child('destination').neutral('host', 'port', 'subset');
      route.neutral('weight');
    }
    rule.neutral('timeout');
    rule.child('retries').neutral('attempts', 'perTryTimeout', 'retryOn');
    for (const direction of ['request', 'response']) rule.child('headers').child(direction).neutral('remove');
    // `browsers` judges these.
    if (isPublic && rule.has('headers'))
      // Clients use HTTPS, whatever the hop to the gateway is.
      rule.child('headers').child('request').is('set', { 'x-forwarded-proto': 'https' });
    if (isPublic && !rule.has('fault')) {
      rule.child('headers').child('response').neutral('set', 'add');
      rule
        .child('corsPolicy')
        .neutral(
          'allowOrigins',
          'allowMethods',
          'allowHeaders',
          'exposeHeaders',
          'allowCredentials',
          'maxAge',
        );
    }
    const fault = rule.child('fault');
    if (fault.has('abort')) {
      fault.child('abort').is('percentage', { value: 100 });
      fault.child('abort').neutral('httpStatus');
    }
  }
}

/** What the rollback controller and the admission policies read. */
function inspectSplit(
  metadata: Inspection,
  services: readonly Service[],
  acknowledged: readonly string[],
): void {
  const canaries = services.flatMap(({ name, versions: [, canary], canaryRelease }) =>
    canary === undefined ? [] : [{ name, canary, canaryRelease }],
  );
  const entries = <T>(of: (it: (typeof canaries)[number]) => readonly (readonly [string, T])[]) =>
    Object.fromEntries(canaries.flatMap(of));
  metadata.is(
    'labels',
    canaries.length === 0
      ? undefined
      : { 'retail-mesh/split': 'true', ...entries(({ name }) => [[`split.retail-mesh/${name}`, 'true']]) },
  );
  metadata.is(
    'annotations',
    canaries.length === 0
      ? undefined
      : {
          ...entries(({ name, canary, canaryRelease: { startedAtSeconds } }) => [
            [`canary-host.retail-mesh/${name}`, canary.host],
            [`canary-release.retail-mesh/${name}`, canary.image.split('@')[1] ?? canary.image],
            ...(startedAtSeconds > 0
              ? [[`canary-started-seconds.retail-mesh/${name}`, String(startedAtSeconds)] as const]
              : []),
          ]),
          ...(acknowledged.length > 0 && {
            'retail-mesh/acknowledged-incidents': [...acknowledged].sort().join(' '),
          }),
        },
  );
}

function differences(
  { gateways, paths, services, declared }: RoutedHost,
  rules: readonly HttpRule[],
  pages: string,
): string[] {
  const mentioned = rules.flatMap(({ match = [] }) =>
    match.flatMap(({ uri }) => (uri?.exact ?? uri?.prefix ?? []) as string | string[]),
  );
  const shapes = shapesOf(services, pages);
  const candidates = [...new Set([...samples(paths), ...mentioned.flatMap((path) => [path, `${path}lab`])])];
  for (const gateway of gateways)
    for (const method of METHODS)
      for (const path of candidates)
        for (const headers of shapes) {
          // Preflights are for the judge of browsers.
          if (method === 'OPTIONS' && 'origin' in headers) continue;
          const request = { gateway, method, path, headers };
          const [actual, expected] = [routeOutcome(rules, request, gateways), declared(request)].map(textOf);
          if (actual !== expected)
            return [
              `${method} ${path} ${JSON.stringify(headers)} at ${gateway}: ${actual} instead of ${expected}`,
            ];
        }
  return [];
}

const texts = new WeakMap<Outcome, string>();

function textOf(outcome: Outcome): string {
  const known = texts.get(outcome) ?? JSON.stringify(outcome);
  texts.set(outcome, known);
  return known;
}

function samples(patterns: readonly string[]): string[] {
  const plain = [...new Set(patterns)].flatMap((pattern) => {
    const literal = pattern.replace(/\*$/, '');
    return pattern.endsWith('*') || pattern.endsWith('/')
      ? [literal, `${literal}lab`]
      : [pattern, `${pattern}-lab`, `${pattern}/lab`];
  });
  const first = plain[0] ?? '/';
  return [...new Set([...plain, ...AMBIGUOUS.map((text) => `${first.replace(/\/$/, '')}/${text}`)])];
}

/**
 * Header sets that must not change the route, and those that must.
 *
 * @param pages host of the pages
 */
function shapesOf(services: readonly Service[], pages: string): Readonly<Record<string, string>>[] {
  const limits = services.flatMap(({ ingress }) =>
    ingress.map(({ maxBodyMegabytes }) => maxBodyMegabytes * 1_000_000),
  );
  const lengths = [...new Set(limits)].flatMap((limit) => [
    limit - 1,
    limit,
    limit + 1,
    2 * limit,
    100 * limit,
  ]);
  return [
    {},
    { cookie: 'a=b', 'x-lab': '1', 'x-http-method-override': 'DELETE' },
    { upgrade: 'websocket' },
    { origin: `https://${pages}`, 'access-control-request-method': 'GET' },
    ...[0, 7, ...lengths].map((bytes) => ({ 'content-length': String(bytes) })),
  ];
}
