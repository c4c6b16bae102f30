// Checks the objects of every environment, and Kiali's as its chart renders them, with kube-score. Fails on a finding
// without a waiver, on a waiver whose reason does not hold, and on an unused waiver. Needs the output of synth.
import { execaSync } from 'execa';
import { environments, manifestsOf, objectsIn, resourcesOf } from './audit-input.mjs';
import { goTool } from './go-tool.mjs';
import { renderKiali } from './kiali-chart.mjs';
import { judge, readWaivers } from './waivers.mjs';

const VERSION = 'v1.20.0';
/** A lower grade is a finding. */
const OK = 10;
/** Fewer checks of one Deployment mean that kube-score did not parse the objects. */
const CHECKS_PER_DEPLOYMENT = 8;

function audit(binary, { name: environment, production }) {
  const kiali = renderKiali(resourcesOf(environment));
  const yaml = [manifestsOf(environment), kiali?.yaml].filter(Boolean).join('\n---\n');
  const { stdout, stderr } = execaSync(binary, ['score', '--output-format', 'json', '-'], {
    input: yaml,
    reject: false,
  });
  if (!stdout) throw new Error(`kube-score wrote no report: ${stderr}`);
  const objects = objectsIn(yaml);
  const checks = JSON.parse(stdout).flatMap(({ type_meta: type, object_meta: meta, checks }) =>
    (checks ?? [])
      .filter(({ skipped }) => !skipped)
      .map((check) => ({ ...check, object: `${type.kind}/${meta.namespace ?? ''}/${meta.name}` })),
  );
  const deployments = [...objects.keys()].filter((name) => name.startsWith('Deployment/')).length;
  const findings = checks
    .filter(({ grade }) => grade < OK)
    .map(({ check, object, comments }) => ({
      environment,
      check: check.id,
      object,
      comment:
        comments?.map(({ path, summary }) => [path, summary].filter(Boolean).join(': ')).join(', ') ?? '',
      value: objects.get(object),
      context: { objects, production },
    }));
  console.log(
    `kube-score, ${environment}: ${checks.length} checks of ${objects.size} objects, ${findings.length} findings`,
  );
  if (kiali !== undefined && kiali.origin === undefined)
    console.log(
      `NOT SHOWN ${environment}: Kiali's chart is not available; scored the lab's stand-in instead`,
    );
  if (checks.length < deployments * CHECKS_PER_DEPLOYMENT)
    throw new Error(`${environment}: only ${checks.length} checks of ${deployments} Deployments`);
  return { findings, names: objects.keys() };
}

try {
  const binary = goTool('github.com/zegl/kube-score/cmd/kube-score', VERSION);
  const audits = environments().map((environment) => audit(binary, environment));
  const waivers = readWaivers('.ci/kube-score-waivers.yaml');
  const errors = judge(
    waivers,
    audits.flatMap(({ findings }) => findings),
    new Set(audits.flatMap(({ names }) => [...names])),
  );
  for (const error of errors) console.error(error);
  console.log(`kube-score: ${errors.length} errors, ${waivers.length} waivers`);
  process.exitCode = errors.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
