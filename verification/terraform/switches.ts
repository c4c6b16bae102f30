/** Synthesizes the catalogue with some values changed. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { runSync } from '../../tools/process';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';

export interface Switch {
  /**
   * `services/cart.yaml`
   *
   * @default - the file of the environment
   */
  readonly file?: string;
  /** `cluster.mode` */
  readonly path: string;
  readonly value: unknown;
}

/** Options of the platform that lead to other resources. */
export const VARIANTS: Readonly<Record<string, readonly Switch[]>> = {
  autopilot: [{ path: 'cluster.mode', value: 'autopilot' }],
  'cloud-sql': [{ path: 'database.engine', value: 'cloud-sql' }],
  'private-services-access': [{ path: 'database.connectivity', value: 'private-services-access' }],
  'cloud-sql by private-services-access': [
    { path: 'database.engine', value: 'cloud-sql' },
    { path: 'database.connectivity', value: 'private-services-access' },
  ],
  'locked logs': [{ path: 'logs.locked', value: true }],
};

/**
 * @param folder must be empty; takes the catalogue and its stacks
 * @returns output folder of the synthesis
 */
export function synthesizeVariant(folder: string, environment: string, switches: readonly Switch[]): string {
  const root = projectRoot();
  const config = join(folder, 'mesh-config');
  writeSwitched(process.env['MESH_CONFIG'] ?? join(root, 'mesh-config'), config, environment, switches);

  const outputFolder = join(folder, 'cdktf.out');
  const { failed, stderr } = runSync(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: root,
    env: { ...process.env, MESH_CONFIG: config, CDKTF_OUTDIR: outputFolder },
  });
  if (failed) throw new LabError(`the catalogue cannot be synthesized with these values:\n${stderr}`);
  return outputFolder;
}

/** Copies the catalogue with other values. An undefined value removes the key. */
export function writeSwitched(
  catalogue: string,
  folder: string,
  environment: string,
  switches: readonly Switch[],
): void {
  cpSync(catalogue, folder, { recursive: true });
  for (const { file = `environments/${environment}.yaml`, path, value } of switches) {
    const document = parseDocument(readFileSync(join(folder, file), 'utf8'));
    if (value === undefined) document.deleteIn(path.split('.'));
    else document.setIn(path.split('.'), value);
    writeFileSync(join(folder, file), document.toString());
  }
}
