/**
 * Applies each invalid edit to the shop and records which tools detect it. Needs Terraform with its providers;
 * TF_CLI_CONFIG_FILE may name a mirror.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSync } from '../../tools/process';
import { startKubernetes } from '../kubernetes/api-server';
import type { KubernetesClient } from '../kubernetes/client';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { labTools, toolPath, type ToolPaths } from '../toolchain/lab-tools';
import { EDITS } from './edits';
import { makeShop, type EditedShop } from './edited-shop';
import { admission, analyze, istioctlValidate, terraformValidator } from './other-tools';
import {
  TOOL_COMPARISON_FILE,
  type ToolComparison,
  type ComparedEdit,
  type ComparedTool,
} from './comparison-file';

const LONGEST_FINDING = 160;

type Findings = Readonly<Record<ComparedTool, readonly string[]>>;

export async function compareTools(): Promise<void> {
  const teardown = new Teardown();
  try {
    const tools = await labTools(['mesh', 'kubernetes'], log);
    const work = scratchFolder(teardown, 'tool-comparison-');
    const kubernetes = await startKubernetes();
    teardown.add(() => kubernetes.stop());
    const rows = await applyEdits(tools, work, kubernetes.client);
    const comparison: ToolComparison = { versions: [terraformVersion(), ...moduleVersions()], rows };
    writeFileSync(TOOL_COMPARISON_FILE, `${JSON.stringify(comparison, null, 2)}\n`);
  } finally {
    await teardown.run();
  }
}

async function applyEdits(tools: ToolPaths, work: string, client: KubernetesClient): Promise<ComparedEdit[]> {
  const validate = terraformValidator(work);
  const findingsIn = async (shop: EditedShop, control: EditedShop | undefined): Promise<Findings> => ({
    'terraform validate': stacksBeyond(control, shop).flatMap(({ id, file }) => validate(id, file)),
    'istioctl validate': istioctlValidate(toolPath(tools, 'istioctl'), work, shop.objects),
    'all analyzers': analyze(toolPath(tools, 'analyze'), shop.objects),
    'API server': await admission(client, objectsBeyond(control, shop)),
    ours: shop.findings,
  });

  const [controlEdit, ...edits] = EDITS;
  const control = makeShop(controlEdit ?? { edit: '' }, join(work, 'control'));
  await applyAll(client, control.objects);
  const controlFindings = await findingsIn(control, undefined);
  // The findings of an edit must not be hidden by findings of the shop as it is.
  for (const tool of ['terraform validate', 'API server', 'ours'] as const)
    if (controlFindings[tool].length > 0)
      throw new Error(`the control fails ${tool}: ${controlFindings[tool].join('; ')}`);

  const rows = [rowOf(controlEdit?.edit ?? '', controlFindings, controlFindings, work)];
  for (const [index, edit] of edits.entries()) {
    const shop = makeShop(edit, join(work, String(index)));
    if (stacksBeyond(control, shop).length === 0) throw new Error(`'${edit.edit}' changes no stack`);
    const row = rowOf(edit.edit, await findingsIn(shop, control), controlFindings, work);
    rows.push(row);
    log(`${index + 1} of ${edits.length}: ${row.edit}: ${JSON.stringify(row.findings)}`);
  }
  return rows;
}

function stacksBeyond(control: EditedShop | undefined, { stacks }: EditedShop): EditedShop['stacks'] {
  return stacks.filter(({ id, text }) => control?.stacks.find((stack) => stack.id === id)?.text !== text);
}

function objectsBeyond(control: EditedShop | undefined, { objects }: EditedShop): KubernetesManifest[] {
  const known = new Set(control?.objects.map((object) => JSON.stringify(object)));
  return objects.filter((object) => !known.has(JSON.stringify(object)));
}

/** Namespaces and definitions first, because the others need them. */
async function applyAll(client: KubernetesClient, objects: readonly KubernetesManifest[]): Promise<void> {
  const root = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };
  const order = ({ kind }: KubernetesManifest) => ['CustomResourceDefinition', 'Namespace'].indexOf(kind);
  for (const object of [root, ...objects].sort((a, b) => order(b) - order(a)))
    await client.apply(object, { force: true }).catch(() => undefined);
}

/** Findings that the control does not have, in the form of the table. */
function rowOf(edit: string, findings: Findings, control: Findings, work: string): ComparedEdit {
  const added = Object.entries(findings).map(([tool, lines]) => {
    const fresh = lines.filter((line) => !control[tool as ComparedTool].includes(line));
    const [first = ''] = fresh;
    return [tool, tool === 'ours' ? fresh.join(', ') : first.replaceAll(work, '').slice(0, LONGEST_FINDING)];
  });
  return { edit, findings: Object.fromEntries(added) as ComparedEdit['findings'] };
}

function terraformVersion(): string {
  const { stdout } = runSync('terraform', ['version', '-json']);
  const { terraform_version: version } = JSON.parse(stdout) as { readonly terraform_version: string };
  return `Terraform ${version}`;
}

function moduleVersions(): string[] {
  const mesh = readFileSync('verification/toolchain/mesh/go.mod', 'utf8');
  const kubernetes = readFileSync('verification/toolchain/kubernetes/go.mod', 'utf8');
  return [
    `Istio ${/istio\.io\/istio (\S+)/.exec(mesh)?.[1] ?? ''}`,
    `Kubernetes ${/k8s\.io\/kubernetes (\S+)/.exec(kubernetes)?.[1] ?? ''}`,
  ];
}
