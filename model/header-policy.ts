/**
 * What happens to request and response headers at the edges of the mesh. Every header that a proxy adds, or that
 * frameworks read as an instruction, has one row here. Routes can only remove headers by name, so the mesh lab asserts
 * that nothing else gets through.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers
 */

export interface HeaderRule {
  /** Lower case. */
  readonly name: string;
  /** Removed from requests of external clients. */
  readonly fromClients: boolean;
  /** Removed from requests to third parties. */
  readonly toThirdParties: boolean;
  /** Removed from responses to external clients. */
  readonly toClients: boolean;
  readonly reason: string;
}

/** A row: `in` from clients, `out` to third parties, `back` in responses. */
function row(
  reason: string,
  removed: readonly ('in' | 'out' | 'back')[],
  ...names: readonly string[]
): HeaderRule[] {
  return names.map((name) => ({
    name,
    reason,
    fromClients: removed.includes('in'),
    toThirdParties: removed.includes('out'),
    toClients: removed.includes('back'),
  }));
}

export const HEADER_RULES: readonly HeaderRule[] = [
  ...row(
    'Frameworks change the method or the path after authorization.',
    ['in', 'out'],
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x-original-url',
    'x-original-uri',
    'x-rewrite-url',
  ),
  ...row(
    'Applications build links and redirects from it. The Host header is the one that the policies have checked.',
    ['in', 'out'],
    'x-forwarded-host',
    'x-forwarded-prefix',
    'x-forwarded-port',
    'x-forwarded-server',
    'x-host',
    'forwarded',
  ),
  ...row(
    'Client addresses are in x-forwarded-for, where the gateway trusts only what the load balancer wrote.',
    ['in', 'out'],
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'x-cluster-client-ip',
  ),
  ...row(
    'Names the certificate of the calling workload; proxies set it.',
    ['out'],
    'x-forwarded-client-cert',
  ),
  ...row('Addresses and scheme inside of the mesh.', ['out'], 'x-forwarded-for', 'x-forwarded-proto', 'via'),
  ...row(
    'Names the workload on the other side. A filter of the proxies reads and removes it at both ends of a hop; a route would remove it before, and metrics would lack the workload.',
    ['out'],
    'x-envoy-peer-metadata',
    'x-envoy-peer-metadata-id',
  ),
  ...row('Sends a request past the routes.', ['in', 'out', 'back'], 'x-envoy-original-dst-host'),
  ...row(
    'State of the proxies. They discard what clients send.',
    ['out', 'back'],
    'x-envoy-attempt-count',
    'x-envoy-decorator-operation',
    'x-envoy-expected-rq-timeout-ms',
    'x-envoy-external-address',
    'x-envoy-internal',
    'x-envoy-original-path',
  ),
  ...row('Time that a proxy adds to a response.', ['in', 'out', 'back'], 'x-envoy-upstream-service-time'),
  ...row(
    'Traces of the mesh, and ids of its requests.',
    ['out'],
    'traceparent',
    'tracestate',
    'x-cloud-trace-context',
    'grpc-trace-bin',
    'x-request-id',
  ),
  ...row(
    'Trace headers that the load balancer does not write: a client could force sampling.',
    ['in', 'out'],
    'b3',
    'x-b3-traceid',
    'x-b3-spanid',
    'x-b3-parentspanid',
    'x-b3-sampled',
    'x-b3-flags',
    'x-ot-span-context',
  ),
  ...row(
    'Which pages may read a response is declared in the catalogue; the gateway writes it.',
    ['back'],
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-allow-methods',
    'access-control-allow-headers',
    'access-control-expose-headers',
    'access-control-max-age',
    'access-control-allow-private-network',
  ),
  ...row('Names the software of the application.', ['out', 'back'], 'x-powered-by'),
];

type Direction = Exclude<keyof HeaderRule, 'name' | 'reason'>;

/** Names of the headers that are removed in one direction, sorted. */
export function removedHeaders(direction: Direction): string[] {
  return HEADER_RULES.filter((rule) => rule[direction])
    .map(({ name }) => name)
    .sort();
}
