import { burnAlert } from '../../model/burn-rate';
import { CallGraph, type Edge } from '../../model/call-graph';
import type { Environment } from '../../model/environment';
import { INGRESS_GATEWAY } from '../../model/naming';
import type { Access, Service, Version } from '../../model/service';

/** A page on one service, for the team that owns it and the people who call it. */
export function renderService(environment: Environment, service: Service): string {
  const graph = new CallGraph(environment);
  return [
    `${service.name} in ${environment.name}: ${service.description}`,
    '',
    field('owner', `${service.owner}, tier ${service.tier}, PCI scope ${service.pciScope}`),
    field('address', `http://${service.host}`),
    field('versions', service.versions.map(describeVersion)),
    field('callers', graph.callersOf(service.name).map(describeCaller)),
    field('calls', service.versions.flatMap(describeCalls)),
    field('answers in', describeTime(service)),
    field('breaker', describeBreaker(service)),
    field('replicas', `${service.autoscaling.minReplicas} to ${service.autoscaling.maxReplicas} a version`),
    field('promises', describePromises(service)),
    ...(service.secrets.length > 0 ? [field('secrets', service.secrets)] : []),
    ...(service.database ? [field('database', environment.database.engine)] : []),
  ].join('\n');
}

const LABEL_WIDTH = 12;

function field(label: string, value: string | readonly string[]): string {
  const lines = typeof value === 'string' ? [value] : value;
  const [first = 'none', ...rest] = lines;
  return [
    `  ${label.padEnd(LABEL_WIDTH)}${first}`,
    ...rest.map((line) => ' '.repeat(LABEL_WIDTH + 2) + line),
  ].join('\n');
}

function describeVersion({ name, weightPercent, image }: Version): string {
  return `${name} ${String(weightPercent).padStart(3)} %  ${image}`;
}

function describeCaller({ caller, methods, paths, jwt }: Edge): string {
  const who = caller.serviceAccount === INGRESS_GATEWAY.serviceAccount ? 'the public' : caller.serviceAccount;
  return `${who}: ${describeAccess({ methods, paths })}${jwt === 'required' ? ', with a token' : ''}`;
}

function describeCalls(version: Version): string[] {
  const calls = [
    ...version.calls.map((call) => ({ ...call, target: call.service })),
    ...version.externalCalls.map((call) => ({ ...call, target: `${call.external} (outside)` })),
  ];
  return calls.map((call) => `${version.name} → ${call.target}: ${describeAccess(call)}`);
}

function describeAccess({ methods, paths }: Access): string {
  return `${methods.join(' ')} ${paths.join(' ')}`;
}

function describeTime({ timeoutMs, retries }: Service): string {
  if (retries.attempts === 0) return `${timeoutMs} ms at most, no retries`;
  const tries = `${retries.attempts + 1} tries of ${retries.perTryTimeoutMs} ms`;
  return `${timeoutMs} ms at most, ${tries} on ${retries.on.join(', ')}`;
}

function describeBreaker({ circuitBreaker }: Service): string {
  const { maxConnections, maxPendingRequests, maxRequests, outlierDetection } = circuitBreaker;
  const ejection = `out for ${outlierDetection.baseEjectionSeconds} s after ${outlierDetection.consecutive5xxErrors} errors in a row`;
  return `${maxConnections} connections, ${maxPendingRequests} waiting, ${maxRequests} requests a client; ${ejection}`;
}

function describePromises({ slos }: Service): string[] {
  return [
    [`${slos.availability.targetPercent} % succeed`, slos.availability.targetPercent] as const,
    [
      `${slos.latency.targetPercent} % under ${slos.latency.thresholdMs} ms`,
      slos.latency.targetPercent,
    ] as const,
  ].map(([promise, target]) => {
    const alert = burnAlert(target, slos.windowDays);
    const bad = Number((alert.badRatio * 100).toPrecision(3));
    return `${promise} over ${slos.windowDays} days; ${alert.severity} when ${bad} % fail over ${alert.longMinutes / 60} h`;
  });
}
