// Checks the objects of every environment with kube-score. Fails on a finding without a waiver and on an unused waiver.
// Needs the output of synth.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { parse } from 'yaml';
import { goTool } from './go-tool.mjs';

const VERSION = 'v1.20.0';
const OUTPUT = process.env.CDKTF_OUTDIR ?? 'cdktf.out';
const ENVIRONMENTS = readdirSync(join(process.env.MESH_CONFIG ?? 'mesh-config', 'environments'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));
/** A lower grade is a finding. */
const OK = 10;

function findings(binary, environment) {
  const manifests = execaSync(process.execPath, [
    'tools/mesh.mjs',
    'manifests',
    '--env',
    environment,
    '--from',
    OUTPUT,
  ]);
  const { stdout, stderr } = execaSync(binary, ['score', '--output-format', 'json', '-'], {
    input: manifests.stdout,
    reject: false,
  });
  if (!stdout) throw new Error(`kube-score wrote no report: ${stderr}`);
  return JSON.parse(stdout).flatMap((object) =>
    (object.checks ?? [])
      .filter(({ grade, skipped }) => !skipped && grade < OK)
      .map(({ check, comments }) => ({
        environment,
        check: check.id,
        object: `${object.type_meta.kind}/${object.object_meta.namespace}/${object.object_meta.name}`,
        comment:
          comments?.map(({ path, summary }) => [path, summary].filter(Boolean).join(': ')).join(', ') ?? '',
      })),
  );
}

function covers({ check, objects, environment }, finding) {
  const isInEnvironment = environment === undefined || environment === finding.environment;
  return isInEnvironment && check === finding.check && new RegExp(objects).test(finding.object);
}

const { waivers } = parse(readFileSync('.ci/kube-score-waivers.yaml', 'utf8'));
const unused = new Set(waivers);
let open = 0;
try {
  const binary = goTool('github.com/zegl/kube-score/cmd/kube-score', VERSION);
  for (const finding of ENVIRONMENTS.flatMap((environment) => findings(binary, environment))) {
    const waiver = waivers.find((candidate) => covers(candidate, finding));
    if (waiver) unused.delete(waiver);
    else {
      open += 1;
      console.error(`${finding.environment} ${finding.object}: ${finding.check}: ${finding.comment}`);
    }
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
for (const { check, objects } of unused)
  console.error(`waiver of ${check} for ${objects} is unused; remove it`);
console.log(`kube-score: ${open} open findings, ${waivers.length} waivers`);
process.exitCode = open + unused.size > 0 ? 1 : 0;
