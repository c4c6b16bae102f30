import type { Access } from '../../model/service';
import type { CallerFacts, CallFacts, SloFacts, ServiceFacts } from './service-facts';

/** A page on one service, for the team that owns it and the people who call it. */
export function renderService(facts: ServiceFacts): string {
  const { autoscaling } = facts;
  return [
    `${facts.name} in ${facts.environment}: ${facts.description}`,
    '',
    field('owner', `${facts.owner}, tier ${facts.tier}, PCI scope ${facts.pciScope}`),
    field('address', facts.address),
    field('public', facts.publicAddresses),
    field('versions', facts.versions.map(describeVersion)),
    field('callers', facts.callers.map(describeCaller)),
    field('calls', facts.calls.map(describeCall)),
    field('answers in', describeTime(facts)),
    field('breaker', describeCircuitBreaker(facts)),
    field(
      'replicas',
      `${autoscaling.minReplicas} to ${autoscaling.maxReplicas} a version, at ${autoscaling.targetCpuPercent} % CPU`,
    ),
    field('promises', facts.slos.map(describeSlo)),
    field('secrets', facts.secrets),
    field('database', facts.database ?? []),
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

function describeVersion({ name, weightPercent, image }: ServiceFacts['versions'][number]): string {
  return `${name} ${String(weightPercent).padStart(3)} %  ${image}`;
}

function describeCaller({ caller, jwt, ...access }: CallerFacts): string {
  return `${caller}: ${describeAccess(access)}${jwt === 'required' ? ', with a token' : ''}`;
}

function describeCall({ version, callee, outside, timeoutMs, ...access }: CallFacts): string {
  const target = outside ? `${callee} (outside)` : callee;
  return `${version} → ${target}: ${describeAccess(access)}, within ${timeoutMs} ms`;
}

function describeAccess({ methods, paths }: Access): string {
  return `${methods.join(' ')} ${paths.join(' ')}`;
}

function describeTime({ worstCaseMs, allAttemptsMs, callsMs, retries }: ServiceFacts): string[] {
  const attemptCount =
    allAttemptsMs === 0
      ? 'no retries'
      : `${retries.attempts + 1} tries take up to ${allAttemptsMs} ms, on ${retries.on.join(', ')}; writes only where the request cannot have arrived`;
  return [
    `${worstCaseMs} ms at most; ${attemptCount}`,
    ...(callsMs === 0 ? [] : [`its own calls, one after another, take up to ${callsMs} ms`]),
  ];
}

function describeCircuitBreaker({ circuitBreaker }: ServiceFacts): string {
  const { maxConnections, maxPendingRequests, maxRequests, outlierDetection } = circuitBreaker;
  const ejection = `out for ${outlierDetection.baseEjectionSeconds} s after ${outlierDetection.consecutive5xxErrors} errors in a row`;
  return `${maxConnections} connections, ${maxPendingRequests} waiting, ${maxRequests} requests a client; ${ejection}`;
}

function describeSlo({ slo, alerts }: SloFacts): string {
  const reported = alerts.map(
    ({ severity, failurePercent, overHours }) => `${severity} at ${failurePercent} % bad over ${overHours} h`,
  );
  return [slo, ...reported].join('; ');
}
