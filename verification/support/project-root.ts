import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the repository, from the sources as well as from the compiled output. */
export function projectRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('the lab runs inside its repository only');
  return projectRoot(parent);
}
