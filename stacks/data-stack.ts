import type { Construct } from 'constructs';
import { DatabaseEndpoint } from '../constructs/data/database-endpoint';
import { DatabaseIdentity } from '../constructs/data/database-identity';
import { addOrdersDatabase } from '../constructs/data/orders-database';
import { ShopSecrets } from '../constructs/data/shop-secrets';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** Secrets and the database, and which identity may read what. */
export class DataStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'data', props);
    const { environment } = props;
    new ShopSecrets(this, 'Secrets', { environment });

    const { instance, reach } = addOrdersDatabase(this, 'Database', { environment });
    new DatabaseEndpoint(this, 'DatabaseEndpoint', { environment, reach });
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
