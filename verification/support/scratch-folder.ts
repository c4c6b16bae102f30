import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Teardown } from './teardown';

/** A folder of its own that goes with the teardown; LAB_KEEP=1 leaves it, to look at logs. */
export function scratchFolder(teardown: Teardown, prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const discard = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (process.env['LAB_KEEP'] !== '1') teardown.add(discard, discard);
  return folder;
}
