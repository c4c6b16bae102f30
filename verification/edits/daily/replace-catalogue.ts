import type { OrdinaryEdit } from '../edit';

/** What an adopter with another shop does. */
export const REPLACE_CATALOGUE: OrdinaryEdit = {
  name: 'replace the catalogue by the bookstore',
  files: ['environments/', 'external/', 'mesh.yaml', 'releases/', 'services/'],
  apply: (catalogue) => catalogue.replaceBy(catalogue.inRepository('__tests__', 'catalogues', 'bookstore')),
};
