import type { OrdinaryEdit } from '../edit';

export const REMOVE_SERVICE: OrdinaryEdit = {
  name: 'remove the service recommendation',
  files: [
    'environments/dev.yaml',
    'environments/staging.yaml',
    'releases/prod.yaml',
    'releases/staging.yaml',
    'services/product-catalog.yaml',
    'services/recommendation.yaml',
  ],
  apply: (catalogue) => {
    catalogue.remove('services/recommendation.yaml');
    catalogue.delete('services/product-catalog.yaml', ['calls']);
    for (const environment of ['dev', 'staging'])
      catalogue.delete(`environments/${environment}.yaml`, ['services', 'recommendation']);
    for (const environment of ['staging', 'prod'])
      catalogue.delete(`releases/${environment}.yaml`, ['services', 'recommendation']);
  },
};
