import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The first run builds the scanner. */
jest.setTimeout(600_000);

const SCRIPT = resolve('.ci/secrets.mjs');
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const random = (length: number) => [...randomBytes(length)].map((byte) => LETTERS[byte % 62]).join('');
/** Has the format of a GitHub token, but is random. */
const secret = `gh${'p'}_${random(36)}`;

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'planted-'));
  spawnSync('git', ['init', '--quiet'], { cwd: work });
  put('mesh-config/mesh.yaml', 'name: shop\n');
  put('out/stacks/dev-data/cdk.tf.json', stackWith('${google_secret_manager_secret.key.id}'));
});

afterEach(() => rmSync(work, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(dirname(join(work, file)), { recursive: true });
  writeFileSync(join(work, file), text);
}

const stackWith = (value: string) =>
  JSON.stringify({ resource: { google_secret_manager_secret_version: { key: { secret_data: value } } } });

/** `npm run check -- secrets`, of this tree. */
function search() {
  spawnSync('git', ['add', '--all', 'mesh-config'], { cwd: work });
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: join(work, 'out') },
  });
  return { status, message: stdout + stderr };
}

test('a tree and stacks without secrets pass', () => {
  const { status, message } = search();

  expect([status, message]).toEqual([0, expect.stringContaining('1 files and 1 stacks searched')]);
});

test.each([
  ['a committed file', 'mesh-config/services/cart.yaml', `token: ${secret}\n`],
  ['a synthesized stack', 'out/stacks/prod-data/cdk.tf.json', stackWith(secret)],
])('a secret in %s is reported with its file and not printed', (_, file, text) => {
  put(file, text);
  const { status, message } = search();

  expect(status).toBe(1);
  expect(message).toContain(file.replace('out/stacks', 'synthesized'));
  expect(message).not.toContain(secret);
});

test('a missing output of synth is an error', () => {
  rmSync(join(work, 'out'), { recursive: true });
  const { status, message } = search();

  expect([status, message]).toEqual([1, expect.stringMatching(/is missing; run npm run synth\n$/)]);
});
