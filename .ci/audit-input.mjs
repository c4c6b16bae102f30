// What the audits read: the environments of the catalogue, and the synthesized resources and objects of each.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { parse, parseAllDocuments } from 'yaml';

const CONFIG = process.env.MESH_CONFIG ?? 'mesh-config';
const OUTPUT = process.env.CDKTF_OUTDIR ?? 'cdktf.out';
const STACKS = join(OUTPUT, 'stacks');

/** Name and `production` of every environment. */
export function environments() {
  const folder = join(CONFIG, 'environments');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')))
    .map(({ name, production = false }) => ({ name, production }));
}

/** Id and file of each stack. */
export function stackFiles(environment) {
  return readdirSync(STACKS)
    .filter((id) => id.startsWith(`${environment}-`))
    .map((id) => ({ id, file: join(STACKS, id, 'cdk.tf.json') }))
    .filter(({ file }) => existsSync(file));
}

/** Terraform resources by address. */
export function resourcesOf(environment) {
  return new Map(
    stackFiles(environment)
      .flatMap(({ file }) => Object.entries(JSON.parse(readFileSync(file, 'utf8')).resource ?? {}))
      .flatMap(([type, named]) => Object.entries(named).map(([name, values]) => [`${type}.${name}`, values])),
  );
}

/** The Kubernetes objects as YAML. */
export function manifestsOf(environment) {
  return execaSync(process.execPath, ['tools/mesh.mjs', 'manifests', '--env', environment, '--from', OUTPUT])
    .stdout;
}

/** Objects of a YAML stream, by kind/namespace/name. */
export function objectsIn(yaml) {
  return new Map(
    parseAllDocuments(yaml)
      .map((document) => document.toJS())
      .filter((object) => object?.kind !== undefined)
      .map((object) => [`${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
  );
}
