import type { Construct } from 'constructs';
import { AlloyDb } from '../constructs/data/alloy-db';
import { CloudSql } from '../constructs/data/cloud-sql';
import { DatabaseEndpoint } from '../constructs/data/database-endpoint';
import { DatabaseIdentity } from '../constructs/data/database-identity';
import { ShopSecrets } from '../constructs/data/shop-secrets';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** Secrets and database, and the identities with access to them. */
export class DataStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'data', props);
    const { environment } = props;
    new ShopSecrets(this, 'Secrets', { environment });

    const Engine = environment.database.engine === 'alloydb' ? AlloyDb : CloudSql;
    const { instance, connectivity } = new Engine(this, 'Database', { environment });
    new DatabaseEndpoint(this, 'DatabaseEndpoint', { environment, connectivity });
    // Removing a service removes its login, never the database.
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
