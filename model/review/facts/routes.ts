/** Timeout, retries and the traffic split, from VirtualServices. */
import { INGRESS_GATEWAY, STABLE_VERSION } from '../../naming';
import { at, durationMs, listAt, numberAt, textAt, textsAt } from '../json';
import { browserFacts } from './browsers';
import { UNKNOWN, type ParsedManifest } from '../resource-change';
import { displayMs, hostParts, type Fact, type Setting } from './fact';

type FactOrigin = Pick<Setting, 'kind' | 'subject' | 'source'>;

export function routeFacts({ name, spec }: ParsedManifest, source: string): Fact[] {
  const [host = ''] = textsAt(spec, 'hosts');
  // A route that aborts all requests has no destination in use.
  const routes = listAt(spec, 'http').filter((route) => at(route, 'fault', 'abort') === undefined);
  // The gateway's routes repeat the limits and weights of the services' own routes.
  if (textsAt(spec, 'gateways').includes(`${INGRESS_GATEWAY.namespace}/${INGRESS_GATEWAY.name}`))
    return [...publicHostFacts(host, routes, source), ...browserFacts(host, routes.filter(isUsed), source)];

  const service = hostParts(host)?.service;
  const origin = { kind: 'setting', subject: service ?? name, source } as const;
  return service === undefined
    ? // A third party's first route leads to the egress gateway; the last one has the limits.
      limitFacts(origin, routes.slice(-1))
    : serviceFacts(origin, routes);
}

/** Streams have limits of their own, and only one destination. */
function serviceFacts(origin: FactOrigin, routes: readonly unknown[]): Fact[] {
  const isStream = (route: unknown) => STREAM_RULE.test(textAt(route, 'name') ?? '');
  const others = routes.filter((route) => !isStream(route));
  return [
    ...splitFacts(origin, others[0]),
    ...limitFacts(origin, others),
    ...routes.filter(isStream).flatMap((route) => streamFacts(origin, route)),
  ];
}

/** Name of the rule of a stream. */
const STREAM_RULE = /^stream-\d+$/;

function streamFacts(origin: FactOrigin, route: unknown): Setting[] {
  const timeoutMs = durationMs(textAt(route, 'timeout')) ?? 0;
  const paths = listAt(route, 'match').map(
    (match) => textAt(match, 'uri', 'exact') ?? `${textAt(match, 'uri', 'prefix') ?? ''}*`,
  );
  return [...new Set(paths)].map((path) => ({
    ...origin,
    topic: 'timeout',
    label: `longest stream ${path}`,
    weaker: 'higher',
    value: timeoutMs === 0 ? Number.MAX_SAFE_INTEGER : timeoutMs,
    display: timeoutMs === 0 ? 'unlimited' : displayMs(timeoutMs),
  }));
}

/** The gateway answers preflights itself. */
function isUsed(route: unknown): boolean {
  const [first] = listAt(route, 'route');
  return hostParts(textAt(first, 'destination', 'host') ?? '')?.service !== INGRESS_GATEWAY.name;
}

function publicHostFacts(host: string, routes: readonly unknown[], source: string): Setting[] {
  const services = routes.filter(isUsed).flatMap((route) => {
    const [first] = listAt(route, 'route');
    return hostParts(textAt(first, 'destination', 'host') ?? '')?.service ?? [];
  });
  return [...new Set(services)].map((subject) => ({
    kind: 'setting',
    topic: 'public',
    subject,
    source,
    label: `public host ${host}`,
    value: host,
    display: 'served',
  }));
}

function splitFacts(origin: FactOrigin, route: unknown): Setting[] {
  return listAt(route, 'route').flatMap((destination) => {
    const { version } = hostParts(textAt(destination, 'destination', 'host') ?? '') ?? {};
    // The stable version gets the remainder.
    if (version === undefined || version === STABLE_VERSION) return [];
    const weight = numberAt(destination, 'weight');
    return {
      ...origin,
      topic: 'canary',
      label: `canary ${version}`,
      value: weight ?? UNKNOWN,
      display: weight === undefined ? UNKNOWN : `${weight} %`,
    };
  });
}

function limitFacts(origin: FactOrigin, routes: readonly unknown[]): Setting[] {
  const longest = (...path: string[]) =>
    Math.max(0, ...routes.map((route) => durationMs(textAt(route, ...path)) ?? 0));
  const attempts = Math.max(0, ...routes.map((route) => numberAt(route, 'retries', 'attempts') ?? 0));
  const timeoutMs = longest('timeout');
  const perAttemptMs = longest('retries', 'perTryTimeout');
  const facts: Setting[] = [
    {
      ...origin,
      topic: 'timeout',
      label: 'timeout',
      weaker: 'higher',
      // Without a timeout a caller waits for ever.
      value: timeoutMs === 0 ? Number.MAX_SAFE_INTEGER : timeoutMs,
      display: timeoutMs === 0 ? 'none' : displayMs(timeoutMs),
    },
    {
      ...origin,
      topic: 'retries',
      label: 'retries',
      weaker: 'higher',
      value: attempts,
      display: String(attempts),
    },
  ];
  if (perAttemptMs > 0)
    facts.push({
      ...origin,
      topic: 'retries',
      label: 'per-attempt timeout',
      weaker: 'higher',
      minor: true,
      value: perAttemptMs,
      display: displayMs(perAttemptMs),
    });
  return [...facts, ...conditionFacts(origin, routes)];
}

/** Reads and writes are retried on different conditions; a route without either name serves both. */
function conditionFacts(origin: FactOrigin, routes: readonly unknown[]): Setting[] {
  return ['reads', 'writes'].flatMap((requests) => {
    const own = routes.filter((route) => [requests, undefined, 'default'].includes(textAt(route, 'name')));
    const on = own.flatMap((route) => textAt(route, 'retries', 'retryOn')?.split(',') ?? []);
    const value = [...new Set(on)].sort().join(', ');
    const label = `retry conditions of ${requests}`;
    return value === '' ? [] : [{ ...origin, topic: 'retries', label, minor: true, value, display: value }];
  });
}
