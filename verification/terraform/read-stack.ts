import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';

/** The parts of a synthesized stack that the lab reads. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>> & {
    readonly kubernetes_manifest?: Readonly<Record<string, { readonly manifest: KubernetesManifest }>>;
  };
  readonly data?: {
    readonly google_container_cluster?: Readonly<
      Record<string, { readonly project: string; readonly location: string; readonly name: string }>
    >;
    readonly terraform_remote_state?: Readonly<
      Record<string, { readonly config: { readonly path: string } }>
    >;
  };
}

export function readStack(folder: string): StackJson {
  return JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as StackJson;
}

export function resourceCount({ resource = {} }: StackJson): number {
  return Object.values(resource).reduce((sum, ofType) => sum + Object.keys(ofType ?? {}).length, 0);
}

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
