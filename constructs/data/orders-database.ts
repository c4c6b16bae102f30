import type { Construct } from 'constructs';
import { AlloyDb } from './alloy-db';
import { CloudSql } from './cloud-sql';
import type { OrdersDatabase, OrdersDatabaseProps } from './database';

/** The engine that the environment file names. */
export function addOrdersDatabase(scope: Construct, id: string, props: OrdersDatabaseProps): OrdersDatabase {
  return props.environment.database.engine === 'alloydb'
    ? new AlloyDb(scope, id, props)
    : new CloudSql(scope, id, props);
}
