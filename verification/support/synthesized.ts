/** The synthesized objects of the present catalogue. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { manifestsOf, readStacks } from '../../tools/commands/manifests';
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
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: process.cwd(),
    env: {
      ...process.env,
      CDKTF_OUTDIR: folder,
      ...(catalogue !== undefined && { MESH_CONFIG: catalogue }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const teardown = new Teardown();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // The child must end before the folder is deleted, or it would create it again.
  teardown.add(
    async () => {
      child.kill();
      await ended;
    },
    () => child.kill(),
  );
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => output.push(text.toString()));
  const status = await ended;
  await teardown.run();
  if (status !== 0) throw new LabError(output.join('').trim());
}

/** Kubernetes objects of an environment's stacks. */
export function objectsOf(folder: string, environment: string): KubernetesManifest[] {
  return manifestsOf(readStacks(folder, environment)).map(({ manifest }) => manifest as KubernetesManifest);
}
