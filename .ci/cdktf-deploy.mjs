// End-to-end test of cdktf's command line with two environments that need no cloud: deploys dev as the workflow does,
// changes it, and tests that prod stays unchanged until it is deployed, and that only locked providers are used. Needs
// Terraform and its Kubernetes provider.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execaSync } from 'execa';

const COMMAND = resolve('.ci/cdktf.mjs');
const folder = mkdtempSync(join(tmpdir(), 'cdktf-deploy-'));

try {
  cpSync('.ci/cdktf-example', folder, { recursive: true });
  for (const needed of ['node_modules', 'dist']) symlinkSync(resolve(needed), join(folder, needed));
  const settings = JSON.parse(readFileSync('cdktf.json', 'utf8'));
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ ...settings, app: 'node main.cjs' }));
  mkdirSync(join(folder, 'state'));
  const lock = lockOfThisMachine();
  writeLock(lock);

  deploy('dev-*', 'one');
  assert(
    markerOf('dev-network') === 'one' && markerOf('dev-data') === 'after dev-network',
    'dev is not deployed',
  );
  assert(serialOf('prod-network') === undefined, 'prod was deployed with dev');
  assert(readFileSync(lockBeside('dev-network'), 'utf8') === lock, 'the committed lock was not used');
  const serial = serialOf('dev-network');
  deploy('dev-*', 'one');
  assert(serialOf('dev-network') === serial, 'a second deploy changed the state');
  deploy('dev-*', 'two');
  assert(markerOf('dev-network') === 'two', 'a change was not deployed');
  deploy('prod-*', 'one');
  assert(
    markerOf('prod-network') === 'one' && markerOf('dev-network') === 'two',
    'prod is not deployed on its own, or dev has changed',
  );
  assert(rejected('prod-data', 'one'), 'a stack was deployed without its dependencies');

  writeLock(lock.replace(/"h1:[^"]+"/g, `"h1:${'A'.repeat(43)}="`).replace(/ *"zh:[^"]+",?\n/g, ''));
  rmSync(join(folder, 'cdktf.out'), { recursive: true });
  assert(rejected('dev-*', 'three'), 'a provider was installed whose hash is not in the lock');
  writeLock('# no provider\n');
  assert(rejected('dev-*', 'three'), 'a provider was installed that is not in the lock');
  assert(markerOf('dev-network') === 'two', 'a rejected deploy changed dev');
  console.log('cdktf deploy: 2 environments, 4 deploys, 3 rejected deploys');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Lock file that Terraform writes for the provider on this machine. Moves the provider to a mirror. */
function lockOfThisMachine() {
  execaSync(process.execPath, ['main.cjs'], { cwd: folder });
  const cwd = join(folder, 'cdktf.out', 'stacks', 'dev-network');
  execaSync('terraform', ['init', '-input=false', '-no-color'], { cwd });
  const lock = readFileSync(lockBeside('dev-network'), 'utf8');
  renameSync(join(cwd, '.terraform', 'providers'), join(folder, 'mirror'));
  rmSync(join(folder, 'cdktf.out'), { recursive: true });
  return lock;
}

function writeLock(text) {
  mkdirSync(join(folder, 'locks'), { recursive: true });
  writeFileSync(join(folder, 'locks', 'kubernetes.hcl'), text);
}

function lockBeside(stack) {
  return join(folder, 'cdktf.out', 'stacks', stack, '.terraform.lock.hcl');
}

function rejected(stacks, input) {
  return cdktf(['deploy', stacks, '--auto-approve'], input).failed;
}

function deploy(stacks, input) {
  const started = Date.now();
  const { failed, stdout, stderr } = cdktf(['deploy', stacks, '--auto-approve'], input);
  if (failed) throw new Error(`cdktf deploy '${stacks}' failed:\n${stdout}${stderr}`);
  console.log(`deploy '${stacks}': ${((Date.now() - started) / 1_000).toFixed(1)} s`);
}

function cdktf(args, input) {
  return execaSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    stdin: 'ignore',
    reject: false,
    env: {
      EXAMPLE_INPUT: input,
      CI: '1',
      // If cdktf tried to complete a lock it would succeed, so a rejected deploy is rejected because of the lock.
      TF_CLI_ARGS_providers_lock: `-fs-mirror=${join(folder, 'mirror')}`,
    },
  });
}

function stateOf(stack) {
  const file = join(folder, 'state', `${stack}.tfstate`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function markerOf(stack) {
  return stateOf(stack)?.outputs.marker.value;
}

function serialOf(stack) {
  return stateOf(stack)?.serial;
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}
