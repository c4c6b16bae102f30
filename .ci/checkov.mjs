// Audits the stacks and the Kubernetes objects of every environment with checkov. Fails on a finding without a waiver, on
// a waiver whose reason does not hold, on an unused waiver, and if checkov read too little. Needs the output of synth.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { environments, manifestsOf, objectsIn, resourcesOf, stackFiles } from './audit-input.mjs';
import { judge, readWaivers } from './waivers.mjs';

const VERSION = '3.3.30';
const CACHE = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'retail-service-mesh',
  `checkov-${VERSION}`,
);
/** Fewer passed checks of one environment mean that checkov did not parse its files. */
const LEAST_PASSED = {
  terraform_json: () => 80,
  kubernetes: (objects) => 60 * [...objects.keys()].filter((name) => name.startsWith('Deployment/')).length,
};

function checkov() {
  const binary = join(CACHE, 'bin', 'checkov');
  if (existsSync(binary)) return binary;
  console.error(`installing checkov ${VERSION}`);
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', CACHE],
    [join(CACHE, 'bin', 'pip'), 'install', '--quiet', `checkov==${VERSION}`],
  ]) {
    const { failed } = execaSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], reject: false });
    if (!failed) continue;
    rmSync(CACHE, { recursive: true, force: true });
    throw new Error('checkov could not be installed; install Python 3.9 or newer with venv');
  }
  return binary;
}

function run(binary, folder, framework) {
  const args = ['--directory', folder, '--framework', framework, '--output', 'json'];
  const { stdout, stderr } = execaSync(binary, args, {
    // Hides its warnings about explanations that it cannot download.
    env: { LOG_LEVEL: 'CRITICAL', CKV_IGNORE_HIDDEN_DIRECTORIES: 'true' },
    maxBuffer: 512 * 1024 * 1024,
    reject: false,
  });
  if (!stdout.startsWith('{')) throw new Error(`checkov wrote no report: ${stderr.slice(-2_000)}`);
  const { results, summary } = JSON.parse(stdout);
  if (summary.parsing_errors > 0)
    throw new Error(`checkov could not parse: ${results.parsing_errors.join(', ')}`);
  return results;
}

/** One folder an environment and framework, so that results are counted for each. */
function write(folder, name) {
  const yaml = manifestsOf(name);
  mkdirSync(join(folder, 'kubernetes', name), { recursive: true });
  writeFileSync(join(folder, 'kubernetes', name, 'objects.yaml'), yaml);
  for (const { id, file } of stackFiles(name)) {
    // checkov cannot parse several moved blocks, which configure nothing.
    const stack = JSON.parse(readFileSync(file, 'utf8'));
    delete stack.moved;
    mkdirSync(join(folder, 'terraform_json', name, id), { recursive: true });
    writeFileSync(join(folder, 'terraform_json', name, id, 'cdk.tf.json'), JSON.stringify(stack));
  }
  return objectsIn(yaml);
}

/** `Deployment.purchasing.cart-v1` is Deployment/purchasing/cart-v1, and its pod has a suffix with its name. */
function objectName(resource, objects) {
  const [kind, namespace, ...name] = resource.split('.');
  const found = `${kind === 'Pod' ? 'Deployment' : kind}/${namespace}/${name.join('.')}`;
  return [...objects.keys()].find((known) => found === known || found.startsWith(`${known}.`)) ?? found;
}

/** checkov names some resources `resource.<name>`. Names are unique in a stack, apart from the type. */
function addressOf(resource, file, resources) {
  if (resources.has(resource)) return resource;
  const suffix = `.${resource.split('.').at(-1)}`;
  const candidates = [...resources.keys()].filter((address) => address.endsWith(suffix));
  if (candidates.length !== 1)
    throw new Error(`checkov names ${resource} in ${file}, which is ${candidates.length} resources`);
  return candidates[0];
}

const folder = mkdtempSync(join(tmpdir(), 'checkov-'));
try {
  const binary = checkov();
  const all = environments().map((environment) => ({
    ...environment,
    objects: write(folder, environment.name),
    resources: resourcesOf(environment.name),
  }));
  const names = new Set(all.flatMap(({ objects, resources }) => [...objects.keys(), ...resources.keys()]));
  const findings = [];
  const tooFew = [];
  for (const [framework, least] of Object.entries(LEAST_PASSED)) {
    const { passed_checks: passed, failed_checks: failed } = run(binary, join(folder, framework), framework);
    for (const context of all) {
      const { name, objects, resources } = context;
      const own = (checks) => checks.filter(({ file_path: file }) => file.startsWith(`/${name}/`));
      const [ownPassed, ownFailed] = [own(passed), own(failed)];
      console.log(`checkov, ${name}, ${framework}: ${ownPassed.length} passed, ${ownFailed.length} failed`);
      if (ownPassed.length < least(objects))
        tooFew.push(
          `${name}, ${framework}: only ${ownPassed.length} checks passed; at least ${least(objects)} do if checkov parses the files`,
        );
      for (const { check_id: check, check_name: comment, resource, file_path: file } of ownFailed) {
        const object =
          framework === 'kubernetes' ? objectName(resource, objects) : addressOf(resource, file, resources);
        const value = objects.get(object) ?? resources.get(object);
        findings.push({ environment: name, check, object, comment, value, context });
      }
    }
  }
  const waivers = readWaivers('.ci/checkov-waivers.yaml');
  const errors = [...judge(waivers, findings, names), ...tooFew];
  for (const error of errors) console.error(error);
  console.log(`checkov: ${errors.length} errors, ${waivers.length} waivers`);
  process.exitCode = errors.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
