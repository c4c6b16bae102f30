import { readFileSync } from 'node:fs';
import type { OrdinaryEdit } from '../edit';

/** The service of the README. */
export const ADD_SERVICE: OrdinaryEdit = {
  name: "add the README's wishlist",
  files: ['services/wishlist.yaml'],
  apply: (catalogue) => {
    const readme = readFileSync(catalogue.inRepository('README.md'), 'utf8');
    const [, example] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
    if (example === undefined) throw new Error('the README has no example of a service');
    catalogue.write('services/wishlist.yaml', example.replace(/^ {3}/gm, ''));
  },
};
