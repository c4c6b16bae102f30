import type { Environment } from './environment';
import { ALLOYDB_INSTANCE, databaseHost, databaseLogin, databaseName, databasePorts } from './naming';
import type { Service } from './service';

/** How a service's container reaches the database, without a password: it logs in with an IAM token. */
export interface DatabaseConnection {
  /** Address or DNS name of the private endpoint. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Mode of libpq. The server refuses connections without TLS. */
  readonly tlsMode: 'require';
  /** Instance, as Google's connectors name it. They verify the server's certificate. */
  readonly instance: string;
  /** Kind of address, as Google's connectors name it. */
  readonly ipType: 'PSC' | 'PRIVATE';
}

type Facts = Pick<Environment, 'database' | 'mesh' | 'network' | 'project' | 'region'>;

/**
 * @see https://cloud.google.com/alloydb/docs/database-users/manage-iam-auth
 * @see https://cloud.google.com/sql/docs/postgres/iam-logins
 */
export function databaseConnection(environment: Facts, { name }: Pick<Service, 'name'>): DatabaseConnection {
  const { database, mesh, network, project, region } = environment;
  const byEndpoint = database.connectivity === 'private-service-connect';
  const resource = databaseName(environment);
  return {
    host: byEndpoint ? network.databaseEndpointIp : databaseHost(mesh.name),
    port: databasePorts(database).postgres,
    database: database.databaseName,
    user: databaseLogin(name, project.id),
    tlsMode: 'require',
    instance:
      database.engine === 'alloydb'
        ? `projects/${project.id}/locations/${region}/clusters/${resource}/instances/${ALLOYDB_INSTANCE}`
        : `${project.id}:${region}:${resource}`,
    ipType: byEndpoint ? 'PSC' : 'PRIVATE',
  };
}
