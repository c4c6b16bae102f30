/** Provider locks can be refreshed, are restored before init, and Terraform enforces their hashes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCK_FILE } from '../../model/provider-locks';
import { writeLocks } from '../../tools/pipeline/locks';
import { Terraform, type TerraformOptions } from '../../tools/pipeline/terraform';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import { copyStacks } from './read-stack';

/** Terraform's name of this machine's platform. */
const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Writes locks for all stacks, with the downloaded providers of one stack as the registry. Then initializes every stack
 * with its lock, and one with a lock of other hashes.
 *
 * @param stacks must be initialized; one of them has every provider
 * @returns paths of the locks
 * @throws LabError if a provider with another hash is accepted
 */
export async function checkLocks(
  stacks: readonly SynthesizedStack[],
  folder: string,
  options: TerraformOptions,
): Promise<readonly string[]> {
  const locks = join(folder, 'locks');
  const fetched = resolve(providersOf(stacks), '.terraform', 'providers');
  const mirror = { TF_CLI_ARGS_providers_lock: `-fs-mirror=${fetched}` };
  const written = await writeLocks(
    stacks,
    { ...options, locks, environment: { ...options.environment, ...mirror } },
    [PLATFORM],
  );

  for (const stack of copyStacks(stacks, join(folder, 'restored'))) {
    const messages: string[] = [];
    await new Terraform(stack, { ...options, locks, log: (message) => messages.push(message) }).init();
    if (messages.length > 0) throw new LabError(`${stack.id} has no lock: ${messages.join()}`);
    const used = readFileSync(join(stack.folder, LOCK_FILE), 'utf8');
    if (!written.some((lock) => readFileSync(lock, 'utf8') === used))
      throw new LabError(`${stack.id}: the committed lock was not restored`);
    rmSync(join(stack.folder, '.terraform'), { recursive: true });
  }

  for (const lock of written) {
    const committed = readFileSync(lock, 'utf8');
    const other = committed.replace(/"h1:[^"]+"/g, `"h1:${'A'.repeat(43)}="`);
    writeFileSync(lock, other.replace(/"zh:[^"]+",?/g, ''));
  }
  const [corrupted] = copyStacks(stacks.slice(0, 1), join(folder, 'corrupted'));
  const refused = await new Terraform(corrupted!, { ...options, locks }).init().then(
    () => false,
    () => true,
  );
  if (!refused) throw new LabError(`${corrupted!.id}: a provider was accepted whose hash is not in the lock`);
  return written;
}

/** Folder of the stack with the most providers. */
function providersOf(stacks: readonly SynthesizedStack[]): string {
  const sizes = stacks.map(({ folder }) => ({
    folder,
    size: (readFileSync(join(folder, LOCK_FILE), 'utf8').match(/^provider /gm) ?? []).length,
  }));
  return sizes.sort((one, other) => other.size - one.size)[0]!.folder;
}
