/** That a committed provider lock is restored before init, and that Terraform goes by its hashes. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terraform, type TerraformOptions } from '../../tools/pipeline/terraform';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';
import { LabError } from '../lab-error';
import { copyStacks } from './copied-stacks';

const LOCK_FILE = '.terraform.lock.hcl';

/**
 * @param stack one that has been initialized; its lock has the hashes of the providers of this machine
 * @throws LabError if another provider than the locked one would be taken
 */
export async function checkLocks(
  stack: SynthesizedStack,
  folder: string,
  options: TerraformOptions,
): Promise<void> {
  const locks = join(folder, 'locks');
  mkdirSync(locks, { recursive: true });
  const lock = join(locks, `${stack.kind}.hcl`);
  copyFileSync(join(stack.folder, LOCK_FILE), lock);
  const agreed = readFileSync(lock, 'utf8');

  const [restored] = copyStacks([stack], join(folder, 'restored'));
  await new Terraform(restored!, { ...options, locks }).init();
  if (readFileSync(join(restored!.folder, LOCK_FILE), 'utf8') !== agreed)
    throw new LabError(`${stack.id}: the committed lock was not restored`);

  writeFileSync(lock, agreed.replace(/"h1:[^"]+"/g, `"h1:${'A'.repeat(43)}="`).replace(/"zh:[^"]+",?/g, ''));
  const [spoilt] = copyStacks([stack], join(folder, 'spoilt'));
  const refused = await new Terraform(spoilt!, { ...options, locks }).init().then(
    () => false,
    () => true,
  );
  if (!refused) throw new LabError(`${stack.id}: a provider was taken whose hash is not in the lock`);
}
