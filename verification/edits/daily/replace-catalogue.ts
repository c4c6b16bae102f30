import type { CatalogueEdit } from '../edit';

/** What an adopter with another shop does. */
export const REPLACE_CATALOGUE: CatalogueEdit = {
  name: 'replace the catalogue by the bookstore',
  files: ['environments/', 'external/', 'mesh.yaml', 'releases/', 'services/'],
  apply: (catalogue) => catalogue.replaceBy(catalogue.inRepository('__tests__', 'catalogues', 'bookstore')),
};
