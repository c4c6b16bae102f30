/** Updates the committed lock files of Terraform's providers. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE, lockNameOf, type Requirements } from '../../model/provider-locks';
import { readJsonFile } from '../json-file';
import type { SynthesizedStack } from '../synthesized-stacks';
import { Terraform, type TerraformOptions } from './terraform';

/** Platforms of the pipelines and of developers. */
export const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_arm64', 'darwin_amd64'] as const;

/**
 * Writes one lock file for each set of providers that the stacks require, and removes unused ones. Starts from scratch:
 * an existing lock would keep the hashes of old versions.
 *
 * @returns files that were written
 */
export async function writeLocks(
  stacks: readonly SynthesizedStack[],
  options: TerraformOptions,
  platforms: readonly string[] = PLATFORMS,
): Promise<string[]> {
  const stackByLock = new Map<string, SynthesizedStack>();
  for (const stack of stacks) {
    const name = lockNameOf(readJsonFile<Requirements>(join(stack.folder, 'cdk.tf.json')));
    if (name !== undefined && !stackByLock.has(name)) stackByLock.set(name, stack);
  }
  const written: [string, string][] = [];
  for (const [name, stack] of stackByLock) {
    rmSync(join(stack.folder, LOCK_FILE), { force: true });
    written.push([name, await new Terraform(stack, options).lockProviders(platforms)]);
  }
  // Only after every lock has been made: a partial update would mix versions.
  rmSync(options.locks, { recursive: true, force: true });
  mkdirSync(options.locks, { recursive: true });
  return written.map(([name, lock]) => {
    const target = join(options.locks, name);
    copyFileSync(lock, target);
    return target;
  });
}
