/** Refreshes the committed locks of Terraform's providers. */
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE, lockNameOf, type Requirements } from '../../model/provider-locks';
import type { SynthesizedStack } from '../synthesized-stacks';
import { Terraform, type TerraformOptions } from './terraform';

/** Machines of the pipelines and of the people who plan by hand. */
export const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_arm64', 'darwin_amd64'] as const;

/**
 * Writes one lock for each set of providers that the stacks want, and takes away those that none wants any more.
 * What lay beside the stack before is no part of it: hashes of a version that has gone would stay.
 *
 * @returns what was written
 */
export async function writeLocks(
  stacks: readonly SynthesizedStack[],
  options: TerraformOptions,
  platforms: readonly string[] = PLATFORMS,
): Promise<string[]> {
  const wanted = new Map<string, SynthesizedStack>();
  for (const stack of stacks) {
    const name = lockNameOf(
      JSON.parse(readFileSync(join(stack.folder, 'cdk.tf.json'), 'utf8')) as Requirements,
    );
    if (name !== undefined && !wanted.has(name)) wanted.set(name, stack);
  }
  const fresh: [string, string][] = [];
  for (const [name, stack] of wanted) {
    rmSync(join(stack.folder, LOCK_FILE), { force: true });
    fresh.push([name, await new Terraform(stack, options).lockProviders(platforms)]);
  }
  // Only once all of them are there: half of them anew would be of two versions.
  rmSync(options.locks, { recursive: true, force: true });
  mkdirSync(options.locks, { recursive: true });
  return fresh.map(([name, lock]) => {
    const target = join(options.locks, name);
    copyFileSync(lock, target);
    return target;
  });
}
