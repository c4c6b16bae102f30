import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/project-root';
import { type ToolGroup } from './cache';
import { withFolder } from '../../tools/with-folder';
import { unpackWheel } from './package-groups';

const FOLDER = join(projectRoot(), 'verification', 'toolchain', 'discovery');

/** Google's discovery documents, from the wheel whose hash is committed; only those in documents.txt are kept. */
export const DISCOVERY_GROUP: ToolGroup = {
  name: 'discovery',
  files: ['discovery'],
  sources: [FOLDER],
  expectedMinutes: 1,
  make: (folder) =>
    withFolder('lab-tools-', async (scratch) => {
      await unpackWheel(FOLDER, scratch, "fetching Google's discovery documents");
      const documents = join(scratch, 'googleapiclient', 'discovery_cache', 'documents');
      mkdirSync(join(folder, 'discovery'));
      for (const name of documentNames())
        copyFileSync(join(documents, `${name}.json`), join(folder, 'discovery', `${name}.json`));
    }),
};

function documentNames(): string[] {
  return readFileSync(join(FOLDER, 'documents.txt'), 'utf8').trim().split('\n');
}
