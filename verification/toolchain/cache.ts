import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { GO_ENVIRONMENT } from './program';

/** Tools that are built together, from one lock file. */
export interface ToolGroup {
  readonly name: string;
  /** Relative paths of all files that `make` creates. */
  readonly files: readonly string[];
  /** Files and folders whose content determines the group. A change rebuilds it. */
  readonly sources: readonly string[];
  /** Duration of the first build on two cores. */
  readonly expectedMinutes: number;
  /** Builds the files in an empty folder. */
  readonly make: (folder: string) => Promise<void>;
}

/** LAB_TOOLS_CACHE overrides the folder, such as for a cache of a CI system. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return environment['LAB_TOOLS_CACHE'] ?? join(caches, 'retail-service-mesh', 'lab-tools');
}

/** Hash of the platform and of the sources' content. */
export function groupKey(group: Pick<ToolGroup, 'sources'>): string {
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, GO_ENVIRONMENT]));
  for (const source of group.sources)
    for (const file of filesUnder(source))
      hash.update(relative(source, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Returns the folder of the group's tools, and builds them first if necessary. The build is renamed when it is
 * complete, so an interrupted or concurrent build leaves no partial group.
 */
export async function ensureGroup(
  group: ToolGroup,
  cache: string,
  log: (message: string) => void,
): Promise<string> {
  const folder = join(cache, `${group.name}-${groupKey(group)}`);
  if (isComplete(group, folder)) return folder;
  log(`${group.name}: building ${group.files.length} tools, once, in about ${group.expectedMinutes} min`);
  const started = Date.now();
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, `.${group.name}-`));
  const discard = () => rmSync(building, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    await group.make(building);
    rmSync(isComplete(group, folder) ? building : folder, { recursive: true, force: true });
    if (existsSync(building)) renameSync(building, folder);
  } finally {
    discard();
    process.removeListener('exit', discard);
  }
  log(`${group.name}: built in ${Math.round((Date.now() - started) / 1_000)} s`);
  return folder;
}

function isComplete(group: ToolGroup, folder: string): boolean {
  return group.files.every((file) => existsSync(join(folder, file)));
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
