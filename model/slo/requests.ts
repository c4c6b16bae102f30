/**
 * Which requests an SLO counts, as PromQL selectors and as Cloud Monitoring filters.
 *
 * The caller's proxy counts them, a sidecar or the ingress gateway, because a callee without pods or without
 * responses counts nothing. They are selected by the Kubernetes Service that was called, because name and revision of
 * the destination workload are `unknown` when no pod was reached.
 */
import { INGRESS_GATEWAY, STABLE_VERSION, streamServiceName, workloadName } from '../naming';
import { METRICS } from '../queries';
import type { Service } from '../service';

interface Matcher {
  readonly label: string;
  /** Matches any of them. */
  readonly values: readonly [string, ...string[]];
}

/** A set of requests, selected by labels. */
export type Requests = readonly Matcher[];

/**
 * The fields of a service that determine its hosts. The canary's host is always included, so that starting a canary
 * changes no query.
 */
export type RequestDestination = Pick<Service, 'name' | 'namespace'> & {
  readonly canaryPolicy: { readonly version: string } | undefined;
  /** @default [] */
  readonly streams?: readonly unknown[];
};

/** The same destination without its streams, which have no latency that an objective could limit. */
export function withoutStreams<T extends RequestDestination>(destination: T): T {
  return { ...destination, streams: [] };
}

/** A service or a gateway. */
export type RequestSource = Pick<Service, 'name' | 'namespace'>;

/** Requests to one version, from any caller. */
export function versionRequests(
  { name, namespace }: Pick<Service, 'name' | 'namespace'>,
  version: string,
): Requests {
  return destination([workloadName(name, version)], [namespace]);
}

/** Requests to a service, to any version. */
export function serviceRequests(callee: RequestDestination): Requests {
  return destination(hostNames(callee), [callee.namespace]);
}

/** Requests of one service to another, including retries, queueing and the network. */
export function edgeRequests(caller: RequestSource, callee: RequestDestination): Requests {
  return [...serviceRequests(callee), ...source(caller)];
}

/** Requests of external clients to any of the services, measured at the ingress gateway. */
export function externalClientRequests([first, ...others]: readonly [
  RequestDestination,
  ...RequestDestination[],
]): Requests {
  const hosts = others.flatMap(hostNames);
  const namespaces = [...new Set(others.map(({ namespace }) => namespace))].filter(
    (namespace) => namespace !== first.namespace,
  );
  const [host, ...ownHosts] = hostNames(first);
  return [
    ...destination([host, ...ownHosts, ...hosts], [first.namespace, ...namespaces]),
    ...source(INGRESS_GATEWAY),
  ];
}

/** PromQL selector of all requests, without a range. */
export function totalSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, promMatchers(requests));
}

/** PromQL selector of failed requests: 5xx, or no response, which the proxy reports as 503 or 504. */
export function failedSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, [...promMatchers(requests), 'response_code=~"5.."']);
}

/** PromQL selector of successful requests. */
export function successfulSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, [...promMatchers(requests), 'response_code!~"5.."']);
}

/**
 * PromQL selector of the latency histogram of successful requests, in ms. A fast failure must not count as fast.
 *
 * @param le operator and value for the boundaries: `="+Inf"`
 */
export function latencySelector(requests: Requests, le?: string): string {
  return promSelector(METRICS.clientLatencyBuckets, [
    ...promMatchers(requests),
    'response_code!~"5.."',
    ...(le === undefined ? [] : [`le${le}`]),
  ]);
}

/** The same requests as a Cloud Monitoring filter, for its SLOs. */
export function monitoringFilter(
  metric: 'request_count' | 'roundtrip_latencies',
  requests: Requests,
  which: 'total' | 'successful',
): string {
  const labels = requests.map(({ label, values }) =>
    values.length === 1
      ? `metric.labels.${label}="${values[0]}"`
      : `metric.labels.${label}=one_of(${values.map((value) => `"${value}"`).join(',')})`,
  );
  return [
    `metric.type="istio.io/service/client/${metric}"`,
    'resource.type="istio_canonical_service"',
    ...labels,
    ...(which === 'successful' ? ['metric.labels.response_code<500'] : []),
  ].join(' AND ');
}

function destination(
  hosts: readonly [string, ...string[]],
  namespaces: readonly [string, ...string[]],
): Requests {
  return [
    { label: 'destination_service_namespace', values: namespaces },
    { label: 'destination_service_name', values: hosts },
  ];
}

function source({ name, namespace }: RequestSource): Requests {
  return [
    { label: 'source_canonical_service_namespace', values: [namespace] },
    { label: 'source_canonical_service_name', values: [name] },
  ];
}

/** The service's host, those of its versions, and that of its streams: callers count a request under any of them. */
function hostNames({ name, canaryPolicy, streams = [] }: RequestDestination): readonly [string, ...string[]] {
  const versions = [STABLE_VERSION, ...(canaryPolicy === undefined ? [] : [canaryPolicy.version])];
  return [
    name,
    ...versions.map((version) => workloadName(name, version)),
    ...(streams.length > 0 ? [streamServiceName(name)] : []),
  ];
}

/** Values are DNS labels and need no escaping in a regular expression. */
function promMatchers(requests: Requests): string[] {
  return [
    'monitored_resource="istio_canonical_service"',
    ...requests.map(({ label, values }) =>
      values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join('|')}"`,
    ),
  ];
}

function promSelector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.join(',')}}`;
}
