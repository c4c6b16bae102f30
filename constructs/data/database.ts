/** What the two engines of the orders database have in common. */
import type { ITerraformDependable } from 'cdktf';
import type { Environment } from '../../model/environment';

export interface OrdersDatabaseProps {
  readonly environment: Environment;
}

/** PostgreSQL for the orders, whichever engine runs it. */
export interface OrdersDatabase {
  /** What a login must wait for. */
  readonly instance: ITerraformDependable;
  /** How clients in the network get to it. */
  readonly connectivity: DatabaseConnectivity;
}

export type DatabaseConnectivity =
  | {
      readonly by: 'private-service-connect';
      /** What our endpoint connects to. */
      readonly serviceAttachment: string;
      /** The name by which the database's own certificate calls it. */
      readonly dnsName: string;
    }
  | {
      readonly by: 'private-services-access';
      /** Chosen by Google from the range it was given. */
      readonly address: string;
    };
