/** Invariants of routes, circuit breakers and Sidecar scopes. */
import type { KubernetesJson } from '../synth';
import { except, fullHost, nameOf, ofKind, type Invariant, type SynthesizedShop } from './invariant';

const SAFE = ['connect-failure', 'refused-stream'];
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

const GATEWAY = 'ingress-gateway.ingress-gateway.svc.cluster.local';

/** Routes to destinations; a route that aborts every request, or answers preflights, has none in use. */
const routesOf = (shop: SynthesizedShop) =>
  ofKind(shop, 'VirtualService').flatMap((object) =>
    (object.spec.http as any[])
      .filter((http) => http.fault?.abort?.percentage.value !== 100)
      .filter((http) => http.route[0].destination.host !== GATEWAY)
      .map((http) => ({ name: `${nameOf(object)} ${http.name}`, object, http })),
  );
const methodsOf = (http: any): string[] | undefined =>
  http.match?.flatMap((match: any) => match.method?.exact ?? []);
const retryOn = (http: any): string[] => (http.retries.retryOn ?? '').split(',').filter(Boolean);
const exceptRoutes = (shop: SynthesizedShop, condition: (http: any, object: KubernetesJson) => boolean) =>
  routesOf(shop)
    .filter(({ http, object }) => !condition(http, object))
    .map(({ name }) => name);

const knownHosts = (shop: SynthesizedShop) =>
  new Set([
    ...ofKind(shop, 'Service').map(fullHost),
    ...ofKind(shop, 'ServiceEntry').flatMap(({ spec }) => spec.hosts as string[]),
  ]);

export const ROUTING_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'hanging-attempt': (shop) => exceptRoutes(shop, ({ timeout }) => /^\d+(\.\d+)?m?s$/.test(timeout)),

  'explicit-retries': (shop) => exceptRoutes(shop, ({ retries }) => Number.isInteger(retries?.attempts)),

  'writes-not-repeated': (shop) =>
    exceptRoutes(
      shop,
      (http) =>
        http.retries.attempts === 0 ||
        methodsOf(http)?.every((method) => !WRITES.includes(method)) === true ||
        retryOn(http).every((condition) => SAFE.includes(condition)),
    ),

  'reads-apart': (shop) =>
    exceptRoutes(
      shop,
      (http) =>
        retryOn(http).every((condition) => SAFE.includes(condition)) ||
        methodsOf(http)?.every((method) => ['GET', 'HEAD'].includes(method)) === true,
    ),

  streams: (shop) => {
    const isForStreams = (host: string) => host.split('.')[0]!.endsWith('-streams');
    return [
      ...exceptRoutes(shop, ({ route, retries, match }) => {
        if (!route.some(({ destination }: any) => isForStreams(destination.host))) return true;
        return route.length === 1 && retries.attempts === 0 && match.length > 0;
      }),
      ...except(
        shop,
        'Service',
        ({ metadata, spec }) =>
          !isForStreams(metadata.name) ||
          metadata.namespace === 'ingress-gateway' ||
          spec.selector.version === 'v1',
      ),
      ...circuitBreakersOf(shop)
        .filter(({ host, policy }) => isForStreams(host) && !policy.connectionPool.tcp.tcpKeepalive)
        .map(({ name }) => name),
    ];
  },

  'time-budget': ({ environment }) => {
    const callees = new Map(
      environment.services.map(({ name, versions }) => [
        name,
        versions[0].calls.map(({ service }) => service),
      ]),
    );
    const reaches = (from: string, to: string): boolean =>
      (callees.get(from) ?? []).some((callee) => callee === to || reaches(callee, to));
    return [...callees.keys()].filter((name) => reaches(name, name));
  },

  'retry-budget': (shop) =>
    circuitBreakersOf(shop)
      .filter(({ policy }) => !(policy.connectionPool.http.maxRetries >= 1))
      .map(({ name }) => name),

  'ejection-bounded': (shop) =>
    circuitBreakersOf(shop)
      .filter(
        ({ policy: { outlierDetection } }) =>
          'minHealthPercent' in outlierDetection || outlierDetection.maxEjectionPercent > 50,
      )
      .map(({ name }) => name),

  'ejection-patient': (shop) =>
    circuitBreakersOf(shop)
      .filter(
        ({ policy: { outlierDetection } }) =>
          'consecutiveLocalOriginFailures' in outlierDetection &&
          outlierDetection.splitExternalLocalOriginErrors !== true,
      )
      .map(({ name }) => name),

  'connections-reused': (shop) =>
    circuitBreakersOf(shop)
      .filter(({ policy }) => 'maxRequestsPerConnection' in policy.connectionPool.http)
      .map(({ name }) => name),

  weights: (shop) =>
    exceptRoutes(
      shop,
      ({ route }) => route.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0) === 100,
    ),

  subsets: (shop) => {
    const subsetsOf = new Map<string, any[]>(
      ofKind(shop, 'DestinationRule').map(({ spec }) => [spec.host, spec.subsets ?? []]),
    );
    const pods = new Map(
      shop.environment.services.flatMap(({ versions }) => versions.map(({ host, name }) => [host, name])),
    );
    return [
      ...exceptRoutes(shop, ({ route }) =>
        route.every(
          ({ destination: { host, subset } }: any) =>
            subset === undefined || subsetsOf.get(host)?.some(({ name }) => name === subset),
        ),
      ),
      // A subset is a pool of connections to the pods of the whole version.
      ...except(shop, 'DestinationRule', ({ spec }) =>
        (spec.subsets ?? []).every(
          ({ labels, trafficPolicy }: any) =>
            labels.version === pods.get(spec.host) &&
            Object.keys(labels).length === 1 &&
            trafficPolicy.tls.mode === 'ISTIO_MUTUAL',
        ),
      ),
    ];
  },

  hosts: (shop) => {
    const known = knownHosts(shop);
    const inMesh = ofKind(shop, 'VirtualService').filter(({ spec }) => spec.gateways.includes('mesh'));
    const routed = inMesh.flatMap(({ spec }) => spec.hosts as string[]);
    return [
      ...exceptRoutes(shop, ({ route }) =>
        route.every(({ destination }: any) => known.has(destination.host)),
      ),
      ...except(shop, 'DestinationRule', ({ spec }) => known.has(spec.host)),
      ...routed.filter((host, index) => !known.has(host) || routed.indexOf(host) !== index),
    ];
  },

  'circuit-breaker-reaches-endpoints': (shop) => {
    const routed = new Set(
      routesOf(shop).flatMap(({ http }) => http.route.map(({ destination }: any) => destination.host)),
    );
    return circuitBreakersOf(shop)
      .filter(({ host }) => !routed.has(host))
      .map(({ name }) => name);
  },

  matches: (shop) => {
    const catchAllLast = ofKind(shop, 'VirtualService')
      .filter(({ spec }) => spec.http.slice(0, -1).some((http: any) => http.match === undefined))
      .map(nameOf);
    const { services } = shop.environment;
    const overlapping = services.flatMap((service, index) =>
      services
        .slice(0, index)
        .filter((other) =>
          service.ingress.some((left) =>
            other.ingress.some(
              (right) =>
                left.host === right.host &&
                left.methods.some((method) => right.methods.includes(method)) &&
                left.paths.some((path) => right.paths.includes(path)),
            ),
          ),
        )
        .map((other) => `${service.name} and ${other.name}`),
    );
    return [...catchAllLast, ...overlapping];
  },

  'gateway-equals-mesh': (shop) => {
    const behaviour = ({ http }: { http: any }) =>
      JSON.stringify([
        http.timeout,
        http.retries,
        http.route.map((it: any) => [it.destination.host, it.weight]),
      ]);
    const inMesh = new Map(
      routesOf(shop).map((route) => [
        `${route.http.route[0].destination.host} ${variantOf(route.http)}`,
        behaviour(route),
      ]),
    );
    return routesOf(shop)
      .filter(({ object }) =>
        object.spec.gateways.every((name: string) => name.startsWith('ingress-gateway/')),
      )
      .filter((route) => {
        const key = `${route.http.route[0].destination.host} ${variantOf(route.http)}`;
        return inMesh.get(key) !== behaviour(route);
      })
      .map(({ name }) => name);
  },

  'sidecar-scope': (shop) => {
    const selectorless = ofKind(shop, 'Sidecar').filter(({ spec }) => spec.workloadSelector === undefined);
    return [
      ...except(shop, 'Sidecar', ({ spec }) =>
        spec.egress.every(({ hosts }: any) => !hosts.includes('*/*') && !hosts.includes('./*')),
      ),
      ...except(shop, 'Sidecar', ({ spec }) => spec.outboundTrafficPolicy.mode === 'REGISTRY_ONLY'),
      ...(selectorless.length === 1 ? [] : selectorless.map(nameOf)),
    ];
  },
};

/** `reads` of a service's own route `reads` and of the public host's `cart-reads`. */
function variantOf({ name }: { readonly name: string }): string | undefined {
  return /(default|reads|writes|stream-\d+)(-\d+[a-z]?)?$/.exec(name)?.[1];
}

/** Traffic policies with outlier detection, of the whole host or of one port. */
function circuitBreakersOf(shop: SynthesizedShop) {
  return ofKind(shop, 'DestinationRule').flatMap((object) => {
    const { trafficPolicy, host } = object.spec;
    return [trafficPolicy, ...(trafficPolicy.portLevelSettings ?? [])]
      .filter((policy) => policy.outlierDetection !== undefined)
      .map((policy) => ({ name: nameOf(object), host: host as string, policy }));
  });
}
