/** Environment variables that a container must have: the addresses of what it calls, and the service's own. */
import type { Environment } from '../../model/environment';
import type { Service, Version } from '../../model/service';

interface Variable {
  readonly name: string;
  readonly value: string;
}

export function expectedVariables(environment: Environment, service: Service, version: Version): Variable[] {
  const fixed: Variable[] = [
    { name: 'PORT', value: String(service.port) },
    ...(service.adminPort === undefined ? [] : [{ name: 'ADMIN_PORT', value: String(service.adminPort) }]),
    ...addresses(environment, version),
    ...(service.database ? database(environment, service) : []),
  ];
  const sample =
    version.image === environment.images.sample ? sampleVariables(environment, service, version) : [];
  const taken = new Set([...fixed, ...sample].map(({ name }) => name));
  const own = Object.entries(version.env)
    .filter(([name]) => !taken.has(name))
    .map(([name, value]) => ({ name, value }));
  return [...fixed, ...own, ...sample];
}

/** In the order of the names, services before third parties. */
function addresses({ services, externals }: Environment, version: Version): Variable[] {
  const callees = version.calls.map(({ service }) => service).sort();
  const thirdParties = version.externalCalls.map(({ external }) => external).sort();
  const address = (name: string, host: string | undefined): Variable => ({
    name: `${name.toUpperCase().replaceAll('-', '_')}_URL`,
    value: `http://${host}`,
  });
  return [
    ...callees.map((name) => address(name, services.find((service) => service.name === name)?.host)),
    ...thirdParties.map((name) => address(name, externals.find((external) => external.name === name)?.host)),
  ];
}

function database(
  { database: it, mesh, network, project, region }: Environment,
  { name }: Service,
): Variable[] {
  const byEndpoint = it.connectivity === 'private-service-connect';
  const resource = `${mesh.name}-${it.resourceName}`;
  const variables = {
    PGHOST: byEndpoint ? network.databaseEndpointIp : `database.${mesh.name}.internal`,
    PGPORT: '5432',
    PGDATABASE: it.databaseName,
    PGUSER: `${name}-db@${project.id}.iam`,
    PGSSLMODE: 'require',
    DATABASE_INSTANCE:
      it.engine === 'alloydb'
        ? `projects/${project.id}/locations/${region}/clusters/${resource}/instances/primary`
        : `${project.id}:${region}:${resource}`,
    DATABASE_IP_TYPE: byEndpoint ? 'PSC' : 'PRIVATE',
  };
  return Object.entries(variables).map(([key, value]) => ({ name: key, value }));
}

/** Variables of the sample container, which calls everything that it may read. */
function sampleVariables({ services }: Environment, service: Service, version: Version): Variable[] {
  const upstreams = [...version.calls]
    .sort((one, other) => (one.service < other.service ? -1 : 1))
    .flatMap((call) => {
      const first = version.calls.find(
        ({ service: name, methods }) => name === call.service && methods.includes('GET'),
      )?.paths[0];
      const host = services.find(({ name }) => name === call.service)?.host;
      return first === undefined ? [] : [`http://${host}${first.replace('*', 'sample')}`];
    });
  return [
    { name: 'LISTEN_ADDR', value: `0.0.0.0:${service.port}` },
    { name: 'NAME', value: version.workload },
    { name: 'HTTP_CLIENT_APPEND_REQUEST', value: 'false' },
    ...(upstreams.length > 0 ? [{ name: 'UPSTREAM_URIS', value: upstreams.join(',') }] : []),
  ];
}
