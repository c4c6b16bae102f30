/** Timeout, retries and the split over versions, read off VirtualServices. */
import { INGRESS_GATEWAY, STABLE_VERSION } from '../../naming';
import { durationMs, listAt, numberAt, textAt, textsAt } from '../json';
import { UNKNOWN, type KubernetesObject } from '../resource-change';
import { hostParts, shownMs, type Fact, type Setting } from './fact';

type Origin = Pick<Setting, 'kind' | 'subject' | 'source'>;

export function routeFacts({ name, spec }: KubernetesObject, source: string): Fact[] {
  const [host = ''] = textsAt(spec, 'hosts');
  const routes = listAt(spec, 'http');
  // The gateway's routes are made of the same limits and weights: to read them again would say it all twice.
  if (textsAt(spec, 'gateways').includes(`${INGRESS_GATEWAY.namespace}/${INGRESS_GATEWAY.name}`))
    return publicHostFacts(host, routes, source);

  const service = hostParts(host)?.service;
  const origin = { kind: 'setting', subject: service ?? name, source } as const;
  return service === undefined
    ? // A third party's first leg leads to the egress gateway; the last one has the limits.
      limitFacts(origin, routes.slice(-1))
    : [...splitFacts(origin, routes[0]), ...limitFacts(origin, routes)];
}

function publicHostFacts(host: string, routes: readonly unknown[], source: string): Setting[] {
  const services = routes.flatMap((route) => {
    const [first] = listAt(route, 'route');
    return hostParts(textAt(first, 'destination', 'host') ?? '')?.service ?? [];
  });
  return [...new Set(services)].map((subject) => ({
    ...({ kind: 'setting', topic: 'public', subject, source } as const),
    ...{ label: `public host ${host}`, value: host, shown: 'served' },
  }));
}

function splitFacts(origin: Origin, route: unknown): Setting[] {
  return listAt(route, 'route').flatMap((destination) => {
    const { version } = hostParts(textAt(destination, 'destination', 'host') ?? '') ?? {};
    // The stable version takes the rest; to say both would say it twice.
    if (version === undefined || version === STABLE_VERSION) return [];
    const weight = numberAt(destination, 'weight');
    return {
      ...origin,
      ...({ topic: 'canary', label: `canary ${version}` } as const),
      ...(weight === undefined
        ? { value: UNKNOWN, shown: UNKNOWN }
        : { value: weight, shown: `${weight} %` }),
    };
  });
}

function limitFacts(origin: Origin, routes: readonly unknown[]): Setting[] {
  const longest = (...path: string[]) =>
    Math.max(0, ...routes.map((route) => durationMs(textAt(route, ...path)) ?? 0));
  const attempts = Math.max(0, ...routes.map((route) => numberAt(route, 'retries', 'attempts') ?? 0));
  const timeoutMs = longest('timeout');
  const perAttemptMs = longest('retries', 'perTryTimeout');
  return [
    {
      ...origin,
      ...({ topic: 'timeout', label: 'timeout', weaker: 'higher' } as const),
      // Without one a caller waits for ever.
      ...(timeoutMs === 0
        ? { value: Number.MAX_SAFE_INTEGER, shown: 'none' }
        : { value: timeoutMs, shown: shownMs(timeoutMs) }),
    },
    {
      ...origin,
      ...({ topic: 'retries', label: 'retries', weaker: 'higher' } as const),
      ...{ value: attempts, shown: String(attempts) },
    },
    ...(perAttemptMs === 0
      ? []
      : [
          {
            ...origin,
            ...({ topic: 'retries', label: 'time of one try', weaker: 'higher', minor: true } as const),
            ...{ value: perAttemptMs, shown: shownMs(perAttemptMs) },
          },
        ]),
    ...conditionFacts(origin, routes),
  ];
}

/** Reads and writes are repeated on different conditions; a route that is for neither is for both. */
function conditionFacts(origin: Origin, routes: readonly unknown[]): Setting[] {
  return ['reads', 'writes'].flatMap((requests) => {
    const own = routes.filter((route) => [requests, undefined, 'default'].includes(textAt(route, 'name')));
    const on = own.flatMap((route) => textAt(route, 'retries', 'retryOn')?.split(',') ?? []);
    const value = [...new Set(on)].sort().join(', ');
    return value === ''
      ? []
      : [
          {
            ...origin,
            ...({ topic: 'retries', label: `${requests} are repeated on`, minor: true } as const),
            ...{ value, shown: value },
          },
        ];
  });
}
