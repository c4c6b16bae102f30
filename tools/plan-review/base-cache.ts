/** Syntheses of commits by their own source, which never change, so that a second diff against the same base is fast. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The most recently used syntheses that are kept; each is a few megabytes. */
const KEPT = 5;

export interface BaseKey {
  readonly commit: string;
  /** Folder of the catalogue in the commit. */
  readonly config: string;
  /** Folder of the repository, with the installed packages that run the commit's source. */
  readonly root: string;
}

export class BaseCache {
  private readonly folder: string;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
    this.folder = join(caches, 'retail-service-mesh', 'syntheses-of-commits');
  }

  /** @returns the output folder of synth; undefined if the commit has not been synthesized, or too long ago */
  find(key: BaseKey): string | undefined {
    const entry = this.entryOf(key);
    if (!existsSync(entry)) return undefined;
    try {
      utimesSync(entry, new Date(), new Date());
    } catch {
      // A cache that cannot be written is read all the same; another command may have removed the entry just now.
    }
    return existsSync(entry) ? entry : undefined;
  }

  /**
   * @param output folder that synth has written; it is moved
   * @returns the folder that has the synthesis now
   */
  keep(key: BaseKey, output: string): string {
    const entry = this.entryOf(key);
    try {
      mkdirSync(this.folder, { recursive: true });
      renameSync(output, entry);
    } catch {
      // Another command kept it first, or the cache is on another disk, or cannot be written.
      return existsSync(output) ? output : entry;
    }
    this.prune();
    return entry;
  }

  private entryOf({ commit, config, root }: BaseKey): string {
    const packages = join(root, 'node_modules', '.package-lock.json');
    const hash = createHash('sha256')
      .update(JSON.stringify([commit, config, process.version]))
      .update(existsSync(packages) ? readFileSync(packages) : '');
    return join(this.folder, hash.digest('hex').slice(0, 32));
  }

  private prune(): void {
    const entries = readdirSync(this.folder)
      .map((name) => join(this.folder, name))
      // Another command may remove an entry meanwhile.
      .map((path) => ({ path, usedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.usedMs - a.usedMs);
    for (const { path } of entries.slice(KEPT)) rmSync(path, { recursive: true, force: true });
  }
}
