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

/** Tools that are made together, from one lock file. */
export interface ToolGroup {
  readonly name: string;
  /** Paths inside the group; relative, and complete once `make` has ended. */
  readonly files: readonly string[];
  /** What the group is made from; another content makes another group. */
  readonly sources: readonly string[];
  /** Roughly how long a first build takes on two cores. */
  readonly expectedMinutes: number;
  /** Fills the empty folder. */
  readonly make: (folder: string) => Promise<void>;
}

/** LAB_TOOLS_CACHE names another folder, such as one that a pipeline keeps from run to run. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return environment['LAB_TOOLS_CACHE'] ?? join(caches, 'retail-service-mesh', 'lab-tools');
}

/** Changes with every byte that the group is made from, and with nothing else. */
export function groupKey(group: Pick<ToolGroup, 'sources'>): string {
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, GO_ENVIRONMENT]));
  for (const source of group.sources)
    for (const file of filesUnder(source))
      hash.update(relative(source, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Folder of the group's tools, made first where this key is new. A build happens beside the folder and is moved
 * there when complete, so neither an interrupted build nor one at the same time leaves half a group.
 */
export async function ensureGroup(
  group: ToolGroup,
  cache: string,
  log: (message: string) => void,
): Promise<string> {
  const folder = join(cache, `${group.name}-${groupKey(group)}`);
  if (isComplete(group, folder)) return folder;
  log(`${group.name}: making ${group.files.length} files, about ${group.expectedMinutes} min the first time`);
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
  log(`${group.name}: made in ${Math.round((Date.now() - started) / 1_000)} s`);
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
