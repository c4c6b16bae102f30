/** Environment variables that the platform sets in a service's container. */
import type { CallGraph } from './call-graph';
import { databaseConnection } from './database-connection';
import type { Environment } from './environment';
import type { Service, Version } from './service';

export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface PlatformVariable extends Variable {
  readonly meaning: string;
}

const MEANINGS = {
  PORT: 'port to serve requests on',
  ADMIN_PORT: 'port for metrics, health and debugging, which only probes reach',
  PGHOST: 'database: private endpoint',
  PGPORT: 'database: port for PostgreSQL clients',
  PGDATABASE: 'database: name',
  PGUSER: 'database: IAM login; the password is an IAM token',
  PGSSLMODE: 'database: TLS, which the server requires',
  DATABASE_INSTANCE: "database: instance for Google's connectors",
  DATABASE_IP_TYPE: "database: kind of address for Google's connectors",
} as const;

type FixedName = keyof typeof MEANINGS;

/** Names that the platform sets whatever the service calls. */
export const RESERVED_VARIABLES = Object.keys(MEANINGS) as readonly FixedName[];

/** `PAYMENT_GATEWAY_URL` */
export function urlVariable(callee: string): string {
  return `${callee.toUpperCase().replaceAll('-', '_')}_URL`;
}

/** In the order in which Kubernetes can refer to them, before the service's own. */
export function platformVariables(
  environment: Environment,
  graph: CallGraph,
  service: Service,
  version: Version,
): PlatformVariable[] {
  const fixed = (name: FixedName, value: string | number) => ({
    name,
    value: String(value),
    meaning: MEANINGS[name],
  });
  const address = ({ name, host }: { readonly name: string; readonly host: string }, kind: string) => ({
    name: urlVariable(name),
    value: `http://${host}`,
    meaning: `address of ${kind} ${name}; HTTP/1.1 or newer${kind === 'third party' ? ', never https://' : ''}`,
  });
  return [
    fixed('PORT', service.port),
    ...(service.adminPort === undefined ? [] : [fixed('ADMIN_PORT', service.adminPort)]),
    ...graph.calleesOf(version).map((callee) => address(callee, 'service')),
    ...graph.externalsOf(version).map((external) => address(external, 'third party')),
    ...(service.database ? databaseVariables(environment, service, fixed) : []),
  ];
}

function databaseVariables(
  environment: Environment,
  service: Service,
  fixed: (name: FixedName, value: string | number) => PlatformVariable,
): PlatformVariable[] {
  const connection = databaseConnection(environment, service);
  return [
    fixed('PGHOST', connection.host),
    fixed('PGPORT', connection.port),
    fixed('PGDATABASE', connection.database),
    fixed('PGUSER', connection.user),
    fixed('PGSSLMODE', connection.tlsMode),
    fixed('DATABASE_INSTANCE', connection.instance),
    fixed('DATABASE_IP_TYPE', connection.ipType),
  ];
}

/** Variables of a version's container: the platform's, the service's, and those of the sample container if it runs. */
export function containerVariables(
  environment: Environment,
  graph: CallGraph,
  service: Service,
  version: Version,
): Variable[] {
  const platform = platformVariables(environment, graph, service, version).map(({ name, value }) => ({
    name,
    value,
  }));
  const sample =
    version.image === environment.images.sample
      ? sampleVariables(service, version, graph.calleesOf(version))
      : [];
  // The API server refuses two entries of one name.
  const taken = new Set([...platform, ...sample].map(({ name }) => name));
  const own = Object.entries(version.env)
    .filter(([name]) => !taken.has(name))
    .map(([name, value]) => ({ name, value }));
  return [...platform, ...own, ...sample];
}

/**
 * The sample calls each back end once per request: GET on the first path that allows it.
 *
 * @see https://github.com/nicholasjackson/fake-service
 */
function sampleVariables(service: Service, version: Version, callees: readonly Service[]): Variable[] {
  const upstreams = callees.flatMap((callee) => {
    const call = version.calls.find(
      ({ service: name, methods }) => name === callee.name && methods.includes('GET'),
    );
    const path = call?.paths[0];
    return path === undefined ? [] : [`http://${callee.host}${path.replace('*', 'sample')}`];
  });
  return [
    { name: 'LISTEN_ADDR', value: `0.0.0.0:${service.port}` },
    { name: 'NAME', value: version.workload },
    { name: 'HTTP_CLIENT_APPEND_REQUEST', value: 'false' },
    ...(upstreams.length > 0 ? [{ name: 'UPSTREAM_URIS', value: upstreams.join(',') }] : []),
  ];
}
