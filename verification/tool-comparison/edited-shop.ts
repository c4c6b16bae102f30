/** The shop with an invalid edit, synthesized without the gate that would refuse it. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformResource } from 'cdktf';
import { parseDocument } from 'yaml';
import { checkCatalogue } from '../../model/catalogue/load';
import { checkStack, toGatedStack } from '../../model/gate';
import { readMeshConfig } from '../../model/source/read-folder';
import { addEnvironment } from '../../stacks';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { objectsOf } from '../support/synthesized';
import type { InvalidEdit } from './edits';

/** Fixed, because waivers expire and the table must not change with time. */
const TODAY = '2026-01-31';
const ENVIRONMENT = 'prod';

export interface EditedShop {
  readonly stacks: readonly { readonly id: string; readonly file: string; readonly text: string }[];
  readonly objects: readonly KubernetesManifest[];
  /** Ids of our rules and checks that refuse it or warn. */
  readonly findings: readonly string[];
}

/** @param folder must not exist; takes the catalogue and the stacks */
export function makeShop({ catalogue, resource }: InvalidEdit, folder: string): EditedShop {
  const config = join(folder, 'mesh-config');
  cpSync(join('__tests__', 'catalogues', 'reference-shop'), config, { recursive: true });
  if (catalogue !== undefined) editFile(join(config, catalogue.file), catalogue.values);
  const { environments, violations, warnings } = checkCatalogue(readMeshConfig(config), TODAY);
  const environment = environments.find(({ name }) => name === ENVIRONMENT);
  if (environment === undefined) throw new Error(`the catalogue has no environment '${ENVIRONMENT}'`);

  const outdir = join(folder, 'out');
  const app = new App({ outdir });
  addEnvironment(app, environment);
  if (resource !== undefined)
    resourceAt(app, `${ENVIRONMENT}-${resource.stack}`, resource.address).addOverride(
      resource.path,
      resource.value,
    );
  app.synth();

  const stacks = readdirSync(join(outdir, 'stacks'))
    .sort()
    .map((id) => {
      const file = join(outdir, 'stacks', id, 'cdk.tf.json');
      return { id, file, text: readFileSync(file, 'utf8') };
    });
  const refusals = stacks.flatMap(({ id, text }) =>
    checkStack(toGatedStack(id, JSON.parse(text), environment.production)),
  );
  const ids = [
    ...[...violations, ...warnings].map(({ ruleId = 'CAT-001' }) => ruleId),
    ...refusals.flatMap((line) => /\[(.*)\]$/.exec(line)?.[1] ?? []),
  ];
  return {
    stacks,
    objects: objectsOf(outdir, ENVIRONMENT),
    findings: [...new Set(ids)].sort(),
  };
}

function editFile(file: string, values: NonNullable<InvalidEdit['catalogue']>['values']): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  for (const [path, value] of values) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  writeFileSync(file, String(document));
}

function resourceAt(app: App, stack: string, address: string): TerraformResource {
  const found = app.node
    .findChild(stack)
    .node.findAll()
    .filter((node) => TerraformResource.isTerraformResource(node))
    .find((node) => `${node.terraformResourceType}.${node.friendlyUniqueId}` === address);
  if (found === undefined) throw new Error(`no ${address} in ${stack}`);
  return found;
}
