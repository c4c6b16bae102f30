import type { OrdinaryEdit } from '../edit';

export const REMOVE_ENVIRONMENT: OrdinaryEdit = {
  name: 'delete the environment staging',
  files: ['environments/staging.yaml', 'releases/staging.yaml'],
  apply: (catalogue) => {
    catalogue.remove('environments/staging.yaml');
    catalogue.remove('releases/staging.yaml');
  },
};
