import { join } from 'node:path';
import { LabError } from '../support/errors';
import { BROWSER_GROUP } from './browser-group';
import { type ToolGroup, cacheFolder, ensureGroup } from './cache';
import { DISCOVERY_GROUP } from './discovery-group';
import { KUBERNETES_GROUP, MESH_GROUP, PROMETHEUS3_GROUP } from './go-groups';
import { ENVOY_GROUP, PROMETHEUS_GROUP, WORKFLOWS_GROUP } from './package-groups';

const GROUPS = {
  mesh: MESH_GROUP,
  kubernetes: KUBERNETES_GROUP,
  envoy: ENVOY_GROUP,
  prometheus: PROMETHEUS_GROUP,
  prometheus3: PROMETHEUS3_GROUP,
  workflows: WORKFLOWS_GROUP,
  browser: BROWSER_GROUP,
  discovery: DISCOVERY_GROUP,
} as const satisfies Readonly<Record<string, ToolGroup>>;

export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];
/** The tools of the mesh lab. */
export const MESH_GROUP_NAMES = ['mesh', 'envoy', 'kubernetes'] as const satisfies readonly GroupName[];

/** Absolute path of every tool, by its file name. */
export type ToolPaths = Readonly<Record<string, string>>;

/** Paths of the groups' tools. Builds those that are not in the cache. @param log receives the progress */
export async function labTools(
  names: readonly GroupName[],
  log: (message: string) => void,
): Promise<ToolPaths> {
  if (process.platform !== 'linux')
    throw new LabError('the lab runs on Linux only; start it in a container or a VM');
  const paths: Record<string, string> = {};
  for (const name of names) {
    const group: ToolGroup = GROUPS[name];
    const folder = await ensureGroup(group, cacheFolder(), log);
    for (const file of group.files) paths[file] = join(folder, file);
  }
  return paths;
}

/** @throws Error if the tool is in none of the requested groups */
export function toolPath(tools: ToolPaths, name: string): string {
  const path = tools[name];
  if (path === undefined) throw new Error(`the tool '${name}' is in none of the requested groups`);
  return path;
}
