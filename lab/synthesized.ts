/** The objects that synth writes for the catalogue as it is now. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readStacks, renderManifests } from '../tools/commands/manifests';
import { type KubernetesObject } from './kubernetes/kubernetes-object';
import { LabError } from './lab-error';
import { projectRoot } from './project-root';

/** Synthesizes every environment into the folder, by the program that a deployment runs. */
export async function synthesize(folder: string): Promise<void> {
  const root = projectRoot();
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: process.cwd(),
    env: { ...process.env, CDKTF_OUTDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => output.push(text.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new LabError(output.join('').trim());
}

/** Kubernetes objects of an environment's stacks. */
export function objectsOf(folder: string, environment: string): KubernetesObject[] {
  return parseAllDocuments(renderManifests(readStacks(folder, environment)), { version: '1.1' }).map(
    (document) => document.toJS() as KubernetesObject,
  );
}
