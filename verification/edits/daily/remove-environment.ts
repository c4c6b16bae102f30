import type { CatalogueEdit } from '../edit';

export const REMOVE_ENVIRONMENT: CatalogueEdit = {
  name: 'delete the environment staging',
  files: ['environments/staging.yaml', 'releases/staging.yaml'],
  apply: (catalogue) => {
    catalogue.remove('environments/staging.yaml');
    catalogue.remove('releases/staging.yaml');
  },
};
