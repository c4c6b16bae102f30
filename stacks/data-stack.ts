import type { Construct } from 'constructs';
import { AlloyDb } from '../constructs/data/alloy-db';
import { CloudSql } from '../constructs/data/cloud-sql';
import { DatabaseEndpoint } from '../constructs/data/database-endpoint';
import { DatabaseIdentity } from '../constructs/data/database-identity';
import { ShopSecrets } from '../constructs/data/shop-secrets';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** Secrets and the database, and which identity may read what. */
export class DataStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'data', props);
    const { environment } = props;
    new ShopSecrets(this, 'Secrets', { environment });

    const Engine = environment.database.engine === 'alloydb' ? AlloyDb : CloudSql;
    const { instance, connectivity } = new Engine(this, 'Database', { environment });
    new DatabaseEndpoint(this, 'DatabaseEndpoint', { environment, connectivity });
    // The database outlives its clients: deleting a service must never delete orders.
    for (const service of environment.services.filter(({ database }) => database)) {
      const id = (name: string) => `${name}-database`;
      const login = new DatabaseIdentity(this, id(service.catalogueName), {
        environment,
        service,
        database: instance,
      });
      if (service.renamedFrom !== undefined) this.moveFrom(id(service.renamedFrom), login);
    }
  }
}
