// Searches every committed file and every synthesized stack for secrets. Needs the output of synth.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { goTool } from './go-tool.mjs';

const VERSION = 'v8.30.1';
const STACKS = join(process.env.CDKTF_OUTDIR ?? 'cdktf.out', 'stacks');

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
try {
  const gitleaks = goTool('github.com/zricethezav/gitleaks/v8', VERSION);
  const files = execaSync('git', ['ls-files', '-z']).stdout.split('\0').filter(Boolean);
  const stacks = readdirSync(STACKS).map((stack) => join(STACKS, stack, 'cdk.tf.json'));
  for (const file of files) copy(file, join(folder, 'tree', file));
  for (const file of stacks) copy(file, join(folder, 'synthesized', file.slice(STACKS.length)));

  const { exitCode } = execaSync(
    gitleaks,
    [
      'dir',
      folder,
      '--no-banner',
      '--redact',
      '--verbose',
      '--max-target-megabytes',
      '50',
      '--max-archive-depth',
      '2',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], reject: false },
  );
  console.log(`${files.length} files and ${stacks.length} stacks searched`);
  process.exitCode = exitCode === 0 ? 0 : 1;
} catch (error) {
  console.error(error.code === 'ENOENT' ? `'${error.path}' is missing; run npm run synth` : error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Copies only committed files, so that dependencies and build output are not searched. */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
