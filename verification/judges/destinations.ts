/** DestinationRules: TLS to every host, circuit breakers and connection limits. */
import { bodyPools } from '../../model/body-pools';
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { streamHostOf } from './declared-streams';
import { Inspection } from './inspection';
import { findObject } from './inventory';
import { istioMilliseconds } from './istio-duration';
import type { Judge } from './subject';

const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

export const destinationsJudge: Judge = {
  name: 'destinations',
  kinds: ['DestinationRule'],
  judge: (subject) => {
    const findings: string[] = [];
    const { environment } = subject;
    const inspect = (
      namespace: string,
      name: string,
      host: string,
      judge: (policy: Inspection, spec: Inspection) => void,
    ) => {
      const object = findObject(subject, 'DestinationRule', namespace, name);
      if (object === undefined) return;
      const inspection = Inspection.of(object, findings);
      inspection.neutral('kind');
      const spec = inspection.child('spec');
      spec.is('host', host);
      judge(spec.child('trafficPolicy'), spec);
      inspection.close();
    };
    for (const service of environment.services)
      for (const { name, workload, host } of service.versions)
        inspect(service.namespace, workload, host, (policy, spec) => {
          inspectService(policy, service, service.circuitBreaker);
          inspectBodyPools(spec, service, name, environment);
        });
    for (const service of environment.services.filter(({ streams }) => streams.length > 0))
      inspect(service.namespace, `${service.name}-streams`, streamHostOf(service), (policy) =>
        inspectStreams(policy, service),
      );
    const keys = new URL(environment.jwt.jwksUri).hostname;
    inspect('istio-system', 'token-keys', keys, (policy) => policy.is('tls', verifiedTls(keys, [keys])));
    inspect('egress-gateway', 'egress-gateway', 'egress-gateway.egress-gateway.svc.cluster.local', (policy) =>
      inspectEgressGateway(policy, environment),
    );
    for (const external of environment.externals)
      inspect('egress-gateway', external.name, external.host, (policy) => {
        const [port] = policy.exactly('portLevelSettings', 1);
        port?.is('port', { number: 80 });
        port?.is('tls', verifiedTls(external.sni, external.subjectAltNames));
        if (port) inspectThirdParty(port, external);
      });
    return findings;
  },
};

/** Without authorities and names, any certificate would do. */
function verifiedTls(sni: string, subjectAltNames: readonly string[]) {
  return { mode: 'SIMPLE', sni, subjectAltNames: [...subjectAltNames], caCertificates: AUTHORITIES };
}

function time(of: Inspection, key: string, expectedMs: number): void {
  const actual = istioMilliseconds(of.get(key));
  if (actual !== expectedMs) of.finding(`${key} is ${actual} ms instead of ${expectedMs} ms`);
}

function timeBetween(
  of: Inspection,
  key: string,
  lowestMs: number,
  highestMs: number,
  purpose: string,
): void {
  const actual = istioMilliseconds(of.get(key));
  if (!(actual >= lowestMs && actual <= highestMs)) of.finding(`${key} is ${actual} ms: ${purpose}`);
}

interface PoolLimits {
  readonly maxConnections: number;
  readonly maxRequests: number;
  readonly maxPendingRequests: number;
  /** Undefined: any number up to the service's own. */
  readonly maxRetries?: number;
}

function inspectService(policy: Inspection, { circuitBreaker }: Service, limits: PoolLimits): void {
  // Explicit, so that no client falls back to plain text.
  policy.is('tls', { mode: 'ISTIO_MUTUAL' });
  const pool = policy.child('connectionPool');
  pool.child('tcp').is('maxConnections', limits.maxConnections);
  time(pool.child('tcp'), 'connectTimeout', circuitBreaker.connectTimeoutMs);
  const http = pool.child('http');
  http.is('http1MaxPendingRequests', limits.maxPendingRequests);
  http.is('http2MaxRequests', limits.maxRequests);
  if (limits.maxRetries === undefined)
    http.between('maxRetries', 1, circuitBreaker.maxRetries, 'retries must not double the load');
  else http.is('maxRetries', limits.maxRetries);
  time(http, 'idleTimeout', circuitBreaker.idleTimeoutSeconds * 1_000);
  const detection = policy.child('outlierDetection');
  const { outlierDetection } = circuitBreaker;
  detection.is('consecutive5xxErrors', outlierDetection.consecutive5xxErrors);
  time(detection, 'interval', outlierDetection.intervalSeconds * 1_000);
  time(detection, 'baseEjectionTime', outlierDetection.baseEjectionSeconds * 1_000);
  detection.is('maxEjectionPercent', outlierDetection.maxEjectionPercent);
}

/** Streams hold their connections, so they have their own. The other side of an idle one may have vanished. */
function inspectStreams(policy: Inspection, service: Service): void {
  const { streams, protocol, circuitBreaker } = service;
  const open = streams.reduce((sum, { maxOpen }) => sum + maxOpen, 0);
  const idleMs = Math.min(...streams.map(({ idleTimeoutSeconds }) => idleTimeoutSeconds)) * 1_000;
  const pool = policy.child('connectionPool');
  const keepalive = pool.child('tcp').child('tcpKeepalive');
  time(keepalive, 'time', idleMs);
  timeBetween(keepalive, 'interval', 1_000, 30_000, 'a vanished side is found soon after the idle timeout');
  keepalive.between('probes', 2, 5, 'one lost packet must not end a stream');
  // A WebSocket takes over its connection.
  pool.child('http').is('h2UpgradePolicy', protocol === 'http' ? 'DO_NOT_UPGRADE' : undefined);
  inspectService(policy, service, {
    maxConnections: open,
    maxRequests: open,
    // All clients of a terminating pod come back at the same moment.
    maxPendingRequests: open,
    maxRetries: circuitBreaker.maxRetries,
  });
}

/** Requests with a body have connections of their own, and never more than half, so that reads keep the others. */
function inspectBodyPools(
  spec: Inspection,
  service: Service,
  version: string,
  environment: Environment,
): void {
  const { maxConnections, maxPendingRequests } = service.circuitBreaker;
  const pools = bodyPools(service, environment);
  if (pools.length === 0) return;
  for (const [index, subset] of spec.exactly('subsets', pools.length).entries()) {
    const { name, maxRequests } = pools[index] ?? { name: '', maxRequests: Number.NaN };
    const isDeclared = service.ingress.some((route) => route.maxBodiesInFlight === maxRequests);
    if (!isDeclared && !(maxRequests <= maxConnections / 2))
      subset.finding('more than half of the connections');
    subset.is('name', name);
    // The pods of the version, and of no other.
    subset.is('labels', { version });
    inspectService(subset.child('trafficPolicy'), service, {
      maxConnections: maxRequests,
      maxRequests,
      maxPendingRequests: Math.ceil((maxPendingRequests * maxRequests) / maxConnections),
    });
  }
}

function inspectThirdParty(
  port: Inspection,
  { circuitBreaker, timeoutMs }: Environment['externals'][number],
): void {
  const pool = port.child('connectionPool');
  pool.child('tcp').is('maxConnections', circuitBreaker.maxConnections);
  timeBetween(pool.child('tcp'), 'connectTimeout', 100, Math.max(1_000, timeoutMs), 'longer than a request');
  const http = pool.child('http');
  http.is('http1MaxPendingRequests', circuitBreaker.maxPendingRequests);
  http.is('http2MaxRequests', circuitBreaker.maxRequests);
  http.between(
    'maxRetries',
    1,
    circuitBreaker.maxConnections,
    'retries at the same time must not double the load',
  );
  const detection = port.child('outlierDetection');
  detection.is('consecutive5xxErrors', circuitBreaker.consecutive5xxErrors);
  timeBetween(detection, 'interval', 1_000, 30_000, 'a failing address is found within seconds');
  time(detection, 'baseEjectionTime', circuitBreaker.baseEjectionSeconds * 1_000);
  // A host with one address must not lose it.
  detection.between('maxEjectionPercent', 1, 50, 'a single address is never ejected');
}

function inspectEgressGateway(policy: Inspection, { externals }: Environment): void {
  policy.is('tls', { mode: 'ISTIO_MUTUAL' });
  const most = Math.max(...externals.map(({ circuitBreaker }) => circuitBreaker.maxConnections));
  const pool = policy.child('connectionPool');
  pool.child('tcp').between('maxConnections', most, most * 5, 'the third party has the narrowest limit');
  timeBetween(pool.child('tcp'), 'connectTimeout', 100, 2_000, 'longer than a request');
  const http = pool.child('http');
  http.between(
    'http1MaxPendingRequests',
    most / 2,
    most * 5,
    'callers wait for the third party, not without end',
  );
  http.between('http2MaxRequests', most, most * 10, 'the third party has the narrowest limit');
  http.between('maxRetries', 1, most, 'retries at the same time must not double the load');
  const detection = policy.child('outlierDetection');
  // Errors of a third party must not eject the gateway: only failures to reach it count.
  detection.is('consecutive5xxErrors', 0);
  detection.is('consecutiveGatewayErrors', 0);
  detection.is('splitExternalLocalOriginErrors', true);
  detection.between('consecutiveLocalOriginFailures', 2, 10, 'a dead gateway is found within seconds');
  timeBetween(detection, 'interval', 1_000, 30_000, 'a dead gateway is found within seconds');
  timeBetween(detection, 'baseEjectionTime', 5_000, 120_000, 'a dead gateway is tried again');
  detection.between('maxEjectionPercent', 1, 50, 'half of the gateways always serve');
}
