/**
 * Which requests a promise is about, and how Cloud Monitoring is asked for them.
 *
 * All of them are counted by the caller's proxy, a sidecar or the ingress gateway: a callee whose pods are gone,
 * or that never answers, counts nothing itself. For the same reason they are found by the Service that was
 * called: name and revision of the pods are `unknown` where no pod was reached.
 */
import { INGRESS_GATEWAY, STABLE_VERSION, workloadName } from '../naming';
import { METRICS } from '../queries';
import type { Service } from '../service';

interface Matcher {
  readonly label: string;
  /** One value, or any of several. */
  readonly values: readonly [string, ...string[]];
}

/** A set of requests, by the labels that all of them carry. */
export type Requests = readonly Matcher[];

/** Of a service, what names its hosts: canaries included, so that starting one changes no query. */
export type Callee = Pick<Service, 'name' | 'namespace'> & {
  readonly canaryPolicy: { readonly version: string } | undefined;
};

/** A sidecar's service, or a gateway. */
export type Caller = Pick<Service, 'name' | 'namespace'>;

/** Requests to one version, whoever called: what a canary is judged by. */
export function versionRequests(
  { name, namespace }: Pick<Service, 'name' | 'namespace'>,
  version: string,
): Requests {
  return destination([workloadName(name, version)], [namespace]);
}

/** Requests to a service, whichever version took them. */
export function serviceRequests(callee: Callee): Requests {
  return destination(hostNames(callee), [callee.namespace]);
}

/** Requests of one service to another: retries, queues and the network between them included. */
export function edgeRequests(caller: Caller, callee: Callee): Requests {
  return [...serviceRequests(callee), ...source(caller)];
}

/** Requests of the public to any of the services, as the ingress gateway sees them. */
export function publicRequests([first, ...others]: readonly [Callee, ...Callee[]]): Requests {
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

/** PromQL selector of all requests, without a range: `…_request_count{…}`. */
export function totalSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, promMatchers(requests));
}

/** PromQL selector of those that failed: answered 5xx, or not at all, which the proxy notes as 503 or 504. */
export function failedSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, [...promMatchers(requests), 'response_code=~"5.."']);
}

/** PromQL selector of those that did not fail. */
export function answeredSelector(requests: Requests): string {
  return promSelector(METRICS.clientRequests, [...promMatchers(requests), 'response_code!~"5.."']);
}

/** PromQL selector of the time that answers took, in ms, as a histogram: a failure in no time is not a fast answer. */
export function latencySelector(requests: Requests): string {
  return promSelector(METRICS.clientLatencyBuckets, [...promMatchers(requests), 'response_code!~"5.."']);
}

/** The same sets in Cloud Monitoring's filter language, for its own budgets. */
export function monitoringFilter(
  metric: 'request_count' | 'roundtrip_latencies',
  requests: Requests,
  which: 'total' | 'answered',
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
    ...(which === 'answered' ? ['metric.labels.response_code<500'] : []),
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

function source({ name, namespace }: Caller): Requests {
  return [
    { label: 'source_canonical_service_namespace', values: [namespace] },
    { label: 'source_canonical_service_name', values: [name] },
  ];
}

/** The split host, whose traffic goes to the versions' own, and those of the versions. */
function hostNames({ name, canaryPolicy }: Callee): readonly [string, ...string[]] {
  const versions = [STABLE_VERSION, ...(canaryPolicy === undefined ? [] : [canaryPolicy.version])];
  return [name, ...versions.map((version) => workloadName(name, version))];
}

/** Names of services are DNS labels: nothing in them has a meaning in a regular expression. */
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
