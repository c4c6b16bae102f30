// Puts the same broken shops through every tool and writes what each told: `npm run rules:proof`.
// Needs Terraform with the providers (TF_CLI_CONFIG_FILE may name a mirror) and the lab's tools.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { FAULTS } from './edits.mjs';
import { admission, analyze, istioctlValidate, terraformValidator } from './others.mjs';

const require = createRequire(import.meta.url);
const { App } = require('cdktf');
const { parseDocument } = require('yaml');
const { judgeCatalogue } = require('../../dist/model/catalogue/load.js');
const { readMeshConfig } = require('../../dist/model/source/read-folder.js');
const { judgeStack, readStack } = require('../../dist/model/gate/index.js');
const { addEnvironment } = require('../../dist/stacks/index.js');
const { startKubernetes } = require('../../dist/verification/kubernetes/api-server.js');
const { labTools } = require('../../dist/verification/toolchain/lab-tools.js');

/** Waivers are judged by it, so that the table does not change by itself. */
const TODAY = '2026-01-31';
const ENVIRONMENT = 'prod';

const work = mkdtempSync(join(tmpdir(), 'rules-proof-'));
const tools = await labTools(['mesh', 'kubernetes'], (message) => console.error(message));
const kubernetes = await startKubernetes();
try {
  await main();
} finally {
  await kubernetes.stop();
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  const validate = terraformValidator(work);
  let control;
  const rows = [];
  for (const [index, fault] of FAULTS.entries()) {
    const shop = makeShop(fault, join(work, `${index}`));
    const changed = shop.stacks.filter(({ id, text }) => control?.shop.texts.get(id) !== text);
    const differing = shop.objects.filter((object) => !control?.shop.known.has(JSON.stringify(object)));
    if (control === undefined) await applyAll(shop.objects);
    const found = {
      'terraform validate': changed.flatMap(({ id, file }) => validate(id, file)),
      'istioctl validate': istioctlValidate(tools.istioctl, work, shop.objects),
      'all analyzers': analyze(tools.analyze, shop.objects),
      'API server': await admission(kubernetes.client, differing),
      ours: shop.ours,
    };
    if (control === undefined) {
      control = { shop, found };
      // Nothing that a fault could hide behind.
      for (const tool of ['terraform validate', 'API server', 'ours'])
        if (found[tool].length > 0) throw new Error(`the control fails ${tool}: ${found[tool].join('; ')}`);
    }
    const told = Object.fromEntries(
      Object.entries(found).map(([tool, lines]) => [tool, newLines(lines, control.found[tool], tool)]),
    );
    if (index > 0 && changed.length === 0) throw new Error(`'${fault.fault}' changes no stack`);
    rows.push({ fault: fault.fault, told });
    console.error(`${fault.fault}: ${JSON.stringify(told)}`);
  }
  const versions = [terraformVersion(), ...moduleVersions()];
  writeFileSync('docs/generated/rules-proof.json', `${JSON.stringify({ versions, rows }, null, 2)}\n`);
}

/** The shop with the fault in it, whatever the rules say of it. */
function makeShop({ file, set = [], stack, address, override }, folder) {
  const config = join(folder, 'mesh-config');
  cpSync('mesh-config', config, { recursive: true });
  if (file !== undefined) {
    const document = parseDocument(readFileSync(join(config, file), 'utf8'));
    for (const [path, value] of set) {
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, document.createNode(value));
    }
    writeFileSync(join(config, file), String(document));
  }
  const { environments, faults, warnings } = judgeCatalogue(readMeshConfig(config), TODAY);
  const environment = environments.find(({ name }) => name === ENVIRONMENT);
  const outdir = join(folder, 'out');
  const app = new App({ outdir });
  addEnvironment(app, environment);
  if (address !== undefined) planted(app, `${ENVIRONMENT}-${stack}`, address).addOverride(...override);
  app.synth();

  const stacks = readdirSync(join(outdir, 'stacks'))
    .sort()
    .map((id) => {
      const path = join(outdir, 'stacks', id, 'cdk.tf.json');
      return { id, file: path, text: readFileSync(path, 'utf8') };
    });
  const objects = stacks.flatMap(({ text }) =>
    Object.values(JSON.parse(text).resource?.kubernetes_manifest ?? {}).map(({ manifest }) => manifest),
  );
  const refused = stacks.flatMap(({ id, text }) =>
    judgeStack(readStack(id, JSON.parse(text), environment.production)),
  );
  const ids = [...faults, ...warnings].map(({ ruleId = 'CAT-001' }) => ruleId);
  return {
    stacks,
    objects,
    texts: new Map(stacks.map(({ id, text }) => [id, text])),
    known: new Set(objects.map((object) => JSON.stringify(object))),
    ours: [...new Set([...ids, ...refused.map((line) => /\[(.*)\]$/.exec(line)?.[1])])].sort(),
  };
}

function planted(app, stackId, address) {
  const found = app.node
    .findChild(stackId)
    .node.findAll()
    .find((node) => `${node.terraformResourceType}.${node.friendlyUniqueId}` === address);
  if (found === undefined) throw new Error(`no ${address} in ${stackId}`);
  return found;
}

/** What each object needs must be there before it is tried. */
async function applyAll(objects) {
  const root = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };
  const order = ({ kind }) => ['CustomResourceDefinition', 'Namespace'].indexOf(kind);
  for (const object of [root, ...objects].sort((a, b) => order(b) - order(a))) {
    await kubernetes.client.apply(object, { force: true }).catch(() => undefined);
  }
}

/** Lines that the control does not have, as the table shows them. */
function newLines(lines, known, tool) {
  const fresh = lines.filter((line) => !known.includes(line));
  if (tool === 'ours') return fresh.join(', ');
  return (fresh[0] ?? '').replaceAll(work, '').slice(0, 160);
}

function terraformVersion() {
  const { stdout } = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' });
  return `Terraform ${JSON.parse(stdout).terraform_version}`;
}

function moduleVersions() {
  const mesh = readFileSync('verification/toolchain/mesh/go.mod', 'utf8');
  const kube = readFileSync('verification/toolchain/kubernetes/go.mod', 'utf8');
  return [
    `Istio ${/istio\.io\/istio (\S+)/.exec(mesh)?.[1] ?? ''}`,
    `Kubernetes ${/k8s\.io\/kubernetes (\S+)/.exec(kube)?.[1] ?? ''}`,
  ];
}
