import type { Access } from '../../model/service';
import type {
  CallerFacts,
  CallFacts,
  ContainerFacts,
  SloFacts,
  ServiceFacts,
  WebhookFacts,
} from './service-facts';

/** One page for the team that owns the service and the teams that call it. */
export function renderService(facts: ServiceFacts): string {
  const { autoscaling } = facts;
  return [
    `${facts.name} in ${facts.environment}: ${facts.description}`,
    '',
    field('owner', `${facts.owner}, tier ${facts.tier}, PCI scope ${facts.pciScope}`),
    field('address', facts.address),
    field('public URLs', facts.publicAddresses),
    field('browsers', facts.browsers),
    ...(facts.webhooks.length === 0 ? [] : [field('webhooks', facts.webhooks.map(describeWebhook))]),
    field('versions', facts.versions.map(describeVersion)),
    field('callers', facts.callers.map(describeCaller)),
    field('calls', facts.calls.map(describeCall)),
    field('timeout', describeTimeout(facts)),
    ...(facts.streams.length === 0 ? [] : [field('streams', facts.streams.map(describeStream))]),
    field('circuit breaker', describeCircuitBreaker(facts)),
    field(
      'replicas',
      `${autoscaling.minReplicas} to ${autoscaling.maxReplicas} per version, target ${autoscaling.targetCpuPercent} % CPU`,
    ),
    field('SLOs', facts.slos.map(describeSlo)),
    field('secrets', facts.secrets),
    field('database', facts.database ?? []),
    field(
      'ports',
      facts.ports.map(({ port, use }) => `${port} ${use}`),
    ),
    ...containerFields(facts.containers),
  ].join('\n');
}

const LABEL_WIDTH = 17;

function field(label: string, value: string | readonly string[]): string {
  const lines = typeof value === 'string' ? [value] : value;
  const [first = 'none', ...rest] = lines;
  return [
    `  ${label.padEnd(LABEL_WIDTH)}${first}`,
    ...rest.map((line) => ' '.repeat(LABEL_WIDTH + 2) + line),
  ].join('\n');
}

/** The stable version's container, then what differs in the canary's. */
function containerFields([stable, ...others]: ServiceFacts['containers']): string[] {
  if (stable === undefined) return [];
  const common = describeContainer(stable);
  return [
    ...common.map(([label, lines]) => field(label, lines)),
    ...others.flatMap((container) =>
      describeContainer(container).flatMap(([label, lines], index) => {
        const shared = common[index]?.[1] ?? [];
        const own = lines.filter((line) => !shared.includes(line));
        return own.length === 0 ? [] : [field(`${label} ${container.version}`, own)];
      }),
    ),
    ...others.flatMap(({ version, variables }) => {
      const names = variables.map(({ name }) => name);
      const missing = stable.variables.filter(({ name }) => !names.includes(name));
      return missing.length === 0
        ? []
        : [field(`not in ${version}`, missing.map(({ name }) => name).join(' '))];
    }),
  ];
}

function describeContainer({ command, args, variables, files }: ContainerFacts): [string, string[]][] {
  return [
    ['command', command === undefined ? ['of the image'] : [quoted(command)]],
    ['arguments', args === undefined ? ['of the image'] : [quoted(args)]],
    [
      'variables',
      variables.map(
        ({ name, value, meaning }) => `${name}=${value}${meaning === undefined ? '' : `  (${meaning})`}`,
      ),
    ],
    ['files', [...files]],
  ];
}

function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(' ');
}

function describeVersion({ name, weightPercent, image }: ServiceFacts['versions'][number]): string {
  return `${name} ${String(weightPercent).padStart(3)} %  ${image}`;
}

function describeCaller({ caller, jwt, requires, ...access }: CallerFacts): string {
  const token = jwt === 'required' ? ['end-user token required', ...requires].join(' with ') : '';
  return [`${caller}: ${describeAccess(access)}`, ...(token === '' ? [] : [token])].join(', ');
}

function describeWebhook({ url, sourceRanges, requestsPerMinute, signingSecret }: WebhookFacts): string {
  return `POST ${url} from ${sourceRanges.join(', ')}, ${requestsPerMinute} a minute of one address; the service verifies its signature with ${signingSecret}`;
}

function describeCall({ version, callee, isExternal, timeoutMs, isStream, ...access }: CallFacts): string {
  const target = isExternal ? `${callee} (external)` : callee;
  return `${version} → ${target}: ${describeAccess(access)}, ${isStream ? 'stream' : `timeout ${timeoutMs} ms`}`;
}

function describeStream(stream: ServiceFacts['streams'][number]): string {
  const { webSocket, maxDurationSeconds, idleTimeoutSeconds, drainSeconds, maxOpen } = stream;
  const limit = webSocket
    ? `WebSocket, at most 24 h, closed after ${idleTimeoutSeconds} s without data`
    : `at most ${maxDurationSeconds} s`;
  return `${describeAccess(stream)}: ${limit}; ${drainSeconds} s to end when a pod terminates; ${maxOpen} open per client proxy; no retries, no latency objective, stable version only`;
}

function describeAccess({ methods, paths }: Access): string {
  return `${methods.join(' ')} ${paths.join(' ')}`;
}

function describeTimeout({ worstCaseMs, allAttemptsMs, callsMs, retries }: ServiceFacts): string[] {
  const attempts =
    allAttemptsMs === 0
      ? 'no retries'
      : `up to ${retries.attempts + 1} attempts in ${allAttemptsMs} ms, retried on ${retries.on.join(', ')}; writes only if the request cannot have reached the service`;
  return [
    `${worstCaseMs} ms; ${attempts}`,
    ...(callsMs === 0 ? [] : [`its own calls in sequence take up to ${callsMs} ms`]),
  ];
}

function describeCircuitBreaker({ circuitBreaker }: ServiceFacts): string {
  const { maxConnections, maxPendingRequests, maxRequests, outlierDetection } = circuitBreaker;
  const ejection = `outlier ejection for ${outlierDetection.baseEjectionSeconds} s after ${outlierDetection.consecutive5xxErrors} consecutive 5xx`;
  return `${maxConnections} connections, ${maxPendingRequests} pending, ${maxRequests} requests per client proxy; ${ejection}`;
}

function describeSlo({ slo, indicator, alerts }: SloFacts): string {
  const badEvents = indicator === 'latency' ? 'slow' : 'failed';
  const thresholds = alerts.map(
    ({ severity, failurePercent, overHours }) =>
      `${severity} at ${failurePercent} % ${badEvents} over ${overHours} h`,
  );
  return [slo, ...thresholds].join('; ');
}
