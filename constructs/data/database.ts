/** Interface of the two engines of the database. */
import type { ITerraformDependable } from 'cdktf';
import type { Environment } from '../../model/environment';

export interface DatabaseEngineProps {
  readonly environment: Environment;
}

/** PostgreSQL of the services with `database: true`. */
export interface DatabaseEngine {
  /** Logins depend on it. */
  readonly instance: ITerraformDependable;
  /** How clients in the network connect. */
  readonly connectivity: DatabaseConnectivity;
}

export type DatabaseConnectivity =
  | {
      readonly kind: 'private-service-connect';
      /** Target of our endpoint. */
      readonly serviceAttachment: string;
      /** Name in the database's certificate. */
      readonly dnsName: string;
    }
  | {
      readonly kind: 'private-services-access';
      /** Google chooses it from the allocated range. */
      readonly address: string;
    };
