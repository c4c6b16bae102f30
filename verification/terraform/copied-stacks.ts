import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';

/**
 * The stacks alone, without what an earlier Terraform left beside them; their state, too, is kept in the folder.
 */
export function copyStacks(stacks: readonly SynthesizedStack[], folder: string): SynthesizedStack[] {
  return stacks.map((stack) => {
    const copy = join(folder, 'cdktf.out', 'stacks', stack.id);
    cpSync(join(stack.folder, 'cdk.tf.json'), join(copy, 'cdk.tf.json'), { recursive: true });
    return { ...stack, folder: copy };
  });
}
