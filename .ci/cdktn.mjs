// Synthesizes the same source with cdktn, the community fork of cdktf, and compares every stack.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execaSync } from 'execa';

const LOCK = '.ci/cdktn';
/** Files that the program reads. */
const SOURCES = ['dist', 'mesh-config', 'constructs', 'cdktf.json', '.npmrc'];
/** Contains the version of cdktf or cdktn. */
const METADATA = '//';

const folder = mkdtempSync(join(tmpdir(), 'cdktn-'));
try {
  const version = lockedVersion();
  for (const source of SOURCES) cpSync(source, join(folder, source), { recursive: true });
  cpSync(LOCK, folder, { recursive: true });
  execaSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stderr: 'inherit' });
  const used = JSON.parse(readFileSync(join(folder, 'node_modules/cdktf/package.json'), 'utf8'));
  if (used.name !== 'cdktn') throw new Error(`${used.name} was installed in place of cdktn`);

  const ours = synthesize(process.cwd(), join(folder, 'by-cdktf'));
  const theirs = synthesize(folder, join(folder, 'by-cdktn'));
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])]
    .sort()
    .flatMap((stack) => differences(ours.get(stack), theirs.get(stack), stack));
  for (const place of differing) console.error(place);
  console.log(`${ours.size} stacks under cdktn ${version}: ${differing.length} differences`);
  process.exitCode = ours.size === 0 || differing.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The lock has the same dependencies as the program, except cdktf. The provider bindings depend on cdktf by name, so it is
 * overridden.
 *
 * @returns version of cdktn
 */
function lockedVersion() {
  const [ours, locked] = ['package.json', join(LOCK, 'package.json')].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).dependencies,
  );
  const differing = [...new Set([...Object.keys(ours), ...Object.keys(locked)])].filter(
    (name) => name !== 'cdktf' && ours[name] !== locked[name],
  );
  if (differing.length > 0)
    throw new Error(
      `${LOCK}/package.json differs from package.json, which has ${differing.map((name) => `${name} ${ours[name] ?? 'not at all'}`).join(', ')}; change it, and run npm install --package-lock-only in a copy of that folder with .npmrc`,
    );
  return locked.cdktf.replace('npm:cdktn@', '');
}

function synthesize(cwd, outputFolder) {
  execaSync(process.execPath, ['dist/main.js'], {
    cwd,
    env: { CDKTF_OUTDIR: outputFolder, MESH_CONFIG: resolve(cwd, 'mesh-config') },
    stderr: 'inherit',
  });
  const stacks = join(outputFolder, 'stacks');
  return new Map(
    readdirSync(stacks).map((stack) => {
      const json = JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8'));
      delete json[METADATA];
      return [stack, json];
    }),
  );
}

/** Paths at which the two differ, regardless of key order. */
function differences(left, right, path) {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
      (key) => key !== METADATA,
    );
    return keys.flatMap((key) => differences(left[key], right[key], `${path}.${key}`));
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [path];
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
