// Looks for secret values in every committed file and in every synthesized stack. Synthesize first.
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { goTool } from './go-tool.mjs';

const VERSION = 'v8.30.1';
const STACKS = join(process.env.CDKTF_OUTDIR ?? 'cdktf.out', 'stacks');

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
try {
  const gitleaks = goTool('github.com/zricethezav/gitleaks/v8', VERSION);
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  const stacks = readdirSync(STACKS).map((stack) => join(STACKS, stack, 'cdk.tf.json'));
  insistOnFindingSecrets(gitleaks, stacks[0]);
  for (const file of files) copy(file, join(folder, 'searched', 'tree', file));
  for (const file of stacks) copy(file, join(folder, 'searched', 'synthesized', file.slice(STACKS.length)));

  const clean = search(gitleaks, join(folder, 'searched'), 'inherit');
  console.log(`${files.length} files and ${stacks.length} stacks searched`);
  process.exitCode = clean ? 0 : 1;
} catch (error) {
  console.error(error.code === 'ENOENT' ? `'${error.path}' is missing; run npm run synth` : error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Whether nothing was found. */
function search(gitleaks, where, output) {
  const { status } = spawnSync(
    gitleaks,
    [
      ...['dir', where, '--no-banner', '--redact', '--verbose'],
      ...['--max-target-megabytes', '50', '--max-archive-depth', '2'],
    ],
    { stdio: ['ignore', output, output] },
  );
  return status === 0;
}

/** A search that would find nothing says nothing: secrets made for this are hidden where real ones would be. */
function insistOnFindingSecrets(gitleaks, stack) {
  const key = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  const password = randomBytes(24).toString('hex');
  const synthesized = JSON.parse(readFileSync(stack, 'utf8'));
  synthesized.resource.google_secret_manager_secret_version = { planted: { secret_data: key } };
  for (const [name, text] of [
    ['tree/model/settings.ts', `export const apiKey = '${password}';\n`],
    ['synthesized/cdk.tf.json', JSON.stringify(synthesized)],
  ]) {
    const place = join(folder, 'planted', name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    if (search(gitleaks, place, 'ignore'))
      throw new Error(`a secret planted in ${name} was not found, so the search cannot be trusted`);
  }
}

/** Only what is committed: dependencies and build output are not ours to judge. */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
