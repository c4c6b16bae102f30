// Drives cdktf's own command line from end to end, for two environments that need no cloud: deploys dev as the
// workflow does, changes it, and shows that prod stays as it is until it is deployed itself.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const COMMAND = resolve('.ci/cdktf.mjs');
const folder = mkdtempSync(join(tmpdir(), 'cdktf-deploy-'));

try {
  cpSync('.ci/cdktf-example', folder, { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const settings = JSON.parse(readFileSync('cdktf.json', 'utf8'));
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ ...settings, app: 'node main.cjs' }));
  mkdirSync(join(folder, 'state'));

  deploy('dev-*', 'one');
  demand(
    markerOf('dev-network') === 'one' && markerOf('dev-data') === 'after dev-network',
    'dev is not deployed',
  );
  demand(serialOf('prod-network') === undefined, 'prod was deployed with dev');
  const serial = serialOf('dev-network');
  deploy('dev-*', 'one');
  demand(serialOf('dev-network') === serial, 'a second deploy changed the state');
  deploy('dev-*', 'two');
  demand(markerOf('dev-network') === 'two', 'a change was not deployed');
  deploy('prod-*', 'one');
  demand(
    markerOf('prod-network') === 'one' && markerOf('dev-network') === 'two',
    'prod is not deployed by itself',
  );
  const { status } = cdktf(['deploy', 'prod-data', '--auto-approve'], 'one');
  demand(status !== 0, 'a stack was deployed without what it depends on');
  console.log('cdktf deploy: two environments, four deploys, one refusal');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function deploy(stacks, input) {
  const started = Date.now();
  const { status, stdout, stderr } = cdktf(['deploy', stacks, '--auto-approve'], input);
  if (status !== 0) throw new Error(`cdktf deploy '${stacks}' failed:\n${stdout}${stderr}`);
  console.log(`deploy '${stacks}': ${((Date.now() - started) / 1_000).toFixed(1)} s`);
}

function cdktf(args, input) {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, EXAMPLE_INPUT: input, CI: '1' },
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

function demand(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
