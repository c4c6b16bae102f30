import { log } from '../support/teardown';
import { labTools, type GroupName } from './lab-tools';

/** Builds the tools that are missing, and prints the path of each. */
export async function buildTools(groups: readonly GroupName[]): Promise<void> {
  const tools = await labTools(groups, log);
  for (const [name, path] of Object.entries(tools)) process.stdout.write(`${name} ${path}\n`);
}
