import { join } from 'node:path';
import { projectRoot } from '../../support/project-root';

/** Folder of the small shop, a catalogue of the lab's own. */
export function shopCatalogue(): string {
  return join(projectRoot(), 'verification', 'cloud-lab', 'shop');
}
