// Audits the synthesized JSON of prod with checkov. Fails on a finding without a waiver and on an unused waiver. Needs
// the output of synth.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { parse } from 'yaml';

const VERSION = '3.3.30';
const CACHE = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'retail-service-mesh',
  `checkov-${VERSION}`,
);
const STACKS = join(process.env.CDKTF_OUTDIR ?? 'cdktf.out', 'stacks');
const ENVIRONMENT = 'prod';
/** Fewer passed checks mean that checkov did not parse the files. */
const MINIMUM_PASSED = 80;

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

function audit(binary) {
  const args = ['--directory', STACKS, '--framework', 'terraform_json', '--output', 'json', '--quiet'];
  const { stdout, stderr } = execaSync(binary, args, {
    // Hides its warnings about explanations that it cannot download.
    env: { LOG_LEVEL: 'CRITICAL', CKV_IGNORE_HIDDEN_DIRECTORIES: 'true' },
    reject: false,
  });
  if (!stdout.startsWith('{')) throw new Error(`checkov wrote no report: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout);
}

const { waivers } = parse(readFileSync('.ci/checkov-waivers.yaml', 'utf8'));
const unused = new Set(waivers);
let open = 0;
let passed = 0;
try {
  const { results, summary } = audit(checkov());
  passed = summary.passed;
  for (const { check_id: check, check_name: name, resource, file_path: file } of results.failed_checks) {
    if (!file.startsWith(`/${ENVIRONMENT}-`)) continue;
    const waiver = waivers.find(
      (candidate) => candidate.check === check && resource.includes(candidate.resource),
    );
    if (waiver) unused.delete(waiver);
    else {
      open += 1;
      console.error(`${file} ${resource}: ${check}: ${name}`);
    }
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
for (const { check, resource } of unused)
  console.error(`waiver of ${check} for ${resource} is unused; remove it`);
if (passed < MINIMUM_PASSED) console.error(`only ${passed} checks passed; checkov did not parse the stacks`);
console.log(`checkov: ${passed} passed, ${open} open findings, ${waivers.length} waivers`);
process.exitCode = open + unused.size > 0 || passed < MINIMUM_PASSED ? 1 : 0;
