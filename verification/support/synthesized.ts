/** The synthesized objects of the present catalogue. */
import { join } from 'node:path';
import { manifestsOf, readStacks } from '../../tools/commands/manifests';
import { run } from '../../tools/process';
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { LabError } from './errors';
import { projectRoot } from './project-root';
import { Teardown } from './teardown';

/**
 * Synthesizes every environment into the folder, with the program that a deployment runs.
 *
 * @param catalogue folder of the catalogue. @default MESH_CONFIG, otherwise that of the repository
 */
export async function synthesize(folder: string, catalogue?: string): Promise<void> {
  const root = projectRoot();
  const child = run(process.execPath, [join(root, 'dist', 'main.js')], {
    env: {
      ...process.env,
      CDKTF_OUTDIR: folder,
      ...(catalogue !== undefined && { MESH_CONFIG: catalogue }),
    },
    all: true,
  });
  const teardown = new Teardown();
  // The child must end before the folder is deleted, or it would create it again.
  teardown.add(
    async () => {
      child.kill();
      await child;
    },
    () => child.kill(),
  );
  const { failed, all } = await child;
  await teardown.run();
  if (failed) throw new LabError(all.trim());
}

/** Kubernetes objects of an environment's stacks. */
export function objectsOf(folder: string, environment: string): KubernetesManifest[] {
  return manifestsOf(readStacks(folder, environment)).map(({ manifest }) => manifest as KubernetesManifest);
}
