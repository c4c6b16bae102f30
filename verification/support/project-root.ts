import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the repository. Works in the sources and in the compiled output. */
export function projectRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error('package.json not found: the labs run inside of their repository only');
  return projectRoot(parent);
}
