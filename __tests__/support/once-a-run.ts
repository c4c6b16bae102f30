import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackJson } from './synth';

/** What one test file has made, for all others of the same run of jest, which share a folder. */
export function onceARun(
  name: string,
  make: () => ReadonlyMap<string, StackJson>,
): ReadonlyMap<string, StackJson> {
  const folder = process.env['JEST_RUN_FOLDER'];
  if (folder === undefined) return make();
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) {
    // Two workers may make the same; moved into place whole, either will do.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify([...make()]));
    renameSync(draft, file);
  }
  return new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, StackJson][]);
}
