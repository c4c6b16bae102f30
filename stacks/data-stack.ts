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

    const clients = environment.services.filter((service) => service.database);
    if (clients.length === 0) return;
    const { instance, reach } = addOrdersDatabase(this, 'Database', { environment });
    new DatabaseEndpoint(this, 'DatabaseEndpoint', { environment, reach });
    for (const service of clients) {
      new DatabaseIdentity(this, `${service.name}-database`, { environment, service, database: instance });
    }
  }
}
