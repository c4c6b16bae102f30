import type { OrdinaryEdit } from '../edit';

export const DROP_CANARY: OrdinaryEdit = {
  name: 'drop the canary of checkout',
  files: [
    'environments/dev.yaml',
    'environments/staging.yaml',
    'releases/dev.yaml',
    'releases/prod.yaml',
    'releases/staging.yaml',
    'services/checkout.yaml',
  ],
  apply: (catalogue) => {
    catalogue.delete('services/checkout.yaml', ['canary']);
    for (const environment of ['dev', 'staging'])
      catalogue.delete(`environments/${environment}.yaml`, ['services', 'checkout', 'canary']);
    for (const environment of ['dev', 'staging', 'prod'])
      catalogue.delete(`releases/${environment}.yaml`, ['services', 'checkout', 'canary']);
    for (const environment of ['staging', 'prod'])
      catalogue.delete(`releases/${environment}.yaml`, ['services', 'checkout', 'images', 'v2']);
  },
};
