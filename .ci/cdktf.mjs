// Runs cdktf's command line with locked dependencies: `npm run deploy -- 'dev-*'`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const LOCK = join(import.meta.dirname, 'cdktf-cli');
const ENTRY = join('node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');

function install(folder, caches) {
  mkdirSync(caches, { recursive: true });
  const building = mkdtempSync(join(caches, '.cdktf-cli-'));
  cpSync(LOCK, building, { recursive: true });
  console.error('installing cdktf-cli, about 400 MB the first time');
  // Without install scripts: that of node-pty compiles what the package contains prebuilt.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: building,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 0 && !existsSync(folder)) renameSync(building, folder);
  rmSync(building, { recursive: true, force: true });
  if (status !== 0) throw new Error('cdktf-cli could not be installed; see npm above');
}

/** Synth copies the committed lock files to the stacks. Terraform rejects a provider that they do not list. */
function readonlyLocks() {
  if (!existsSync('locks')) return {};
  return { TF_CLI_ARGS_init: `${process.env.TF_CLI_ARGS_init ?? ''} -lockfile=readonly`.trim() };
}

try {
  const caches = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'retail-service-mesh');
  const key = createHash('sha256')
    .update(readFileSync(join(LOCK, 'package-lock.json')))
    .digest('hex');
  const folder = join(caches, `cdktf-cli-${key.slice(0, 16)}`);
  if (!existsSync(join(folder, ENTRY))) install(folder, caches);
  const { status } = spawnSync(process.execPath, [join(folder, ENTRY), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, CHECKPOINT_DISABLE: '1', ...readonlyLocks() },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
