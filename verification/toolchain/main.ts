/** `npm run lab:tools [group…]`: makes the tools that are missing and prints where each is. */
import { LabError } from '../support/errors';
import { GROUP_NAMES, labTools, type GroupName } from './lab-tools';

async function main(requested: readonly string[]): Promise<void> {
  const unknown = requested.filter((name) => !(GROUP_NAMES as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new LabError(`'${unknown[0]}' is no group of tools; there are ${GROUP_NAMES.join(', ')}`);
  const names = requested.length > 0 ? (requested as readonly GroupName[]) : GROUP_NAMES;
  const tools = await labTools(names, (message) => process.stderr.write(`${message}\n`));
  for (const [name, path] of Object.entries(tools)) process.stdout.write(`${name} ${path}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
