import type { OrdinaryEdit } from '../edit';

/** A copy of staging with a project, names and ranges of its own, and nothing released yet. */
export const ADD_ENVIRONMENT: OrdinaryEdit = {
  name: 'add the environment qa',
  files: ['environments/qa.yaml', 'releases/qa.yaml'],
  apply: (catalogue) => {
    const staging = catalogue.read('environments/staging.yaml');
    catalogue.write(
      'environments/qa.yaml',
      staging
        .replaceAll('staging', 'qa')
        .replace("'100000000002'", "'100000000004'")
        .replaceAll('10.20.', '10.40.')
        .replaceAll('10.21.', '10.41.')
        .replaceAll('10.22.', '10.42.')
        .replaceAll('10.23.', '10.43.'),
    );
    catalogue.write('releases/qa.yaml', 'services: {}\nacknowledgedIncidents: []\n');
  },
};
