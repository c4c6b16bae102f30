import { UsageError } from '../../tools/command-line';
import { log } from '../support/teardown';
import { GROUP_NAMES, labTools, type GroupName } from './lab-tools';

/**
 * Builds the tools that are missing, and prints the path of each.
 *
 * @param requested names of tool groups; default: all
 */
export async function buildTools(requested: readonly string[]): Promise<void> {
  const unknown = requested.filter((name) => !(GROUP_NAMES as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new UsageError(`there is no tool group '${unknown[0]}'; the groups are ${GROUP_NAMES.join(', ')}`);
  const names = requested.length > 0 ? (requested as readonly GroupName[]) : GROUP_NAMES;
  const tools = await labTools(names, log);
  for (const [name, path] of Object.entries(tools)) process.stdout.write(`${name} ${path}\n`);
}
