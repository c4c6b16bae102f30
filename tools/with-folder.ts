import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Deletes the temporary folder when the work has ended; if that returns a promise, when it is settled. */
export function withFolder<T>(prefix: string, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  try {
    const result = work(folder);
    if (result instanceof Promise) return result.finally(discard) as T;
    discard();
    return result;
  } catch (error) {
    discard();
    throw error;
  }
}
