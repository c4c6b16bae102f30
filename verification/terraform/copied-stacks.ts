import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';

/**
 * Copies the stacks without the files of earlier Terraform runs. Their local state stays inside the folder, too.
 */
export function copyStacks(stacks: readonly SynthesizedStack[], folder: string): SynthesizedStack[] {
  return stacks.map((stack) => {
    const copy = join(folder, 'cdktf.out', 'stacks', stack.id);
    cpSync(join(stack.folder, 'cdk.tf.json'), join(copy, 'cdk.tf.json'), { recursive: true });
    return { ...stack, folder: copy };
  });
}
