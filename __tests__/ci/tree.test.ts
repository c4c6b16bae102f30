import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The forbidden texts are assembled at run time; otherwise this file would be rejected. */
const SCRIPT = resolve('.ci/check-tree.sh');
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const random = (length: number) => [...randomBytes(length)].map((byte) => LETTERS[byte % 62]).join('');

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'tree-'));
  spawnSync('git', ['init', '--quiet'], { cwd: tree });
});

afterEach(() => rmSync(tree, { recursive: true }));

function check(file: string, text: string) {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
  spawnSync('git', ['add', '--all'], { cwd: tree });
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT], { cwd: tree, encoding: 'utf8' });
  return { status, message: stdout + stderr };
}

const lock = (entry: object) => JSON.stringify({ packages: { 'node_modules/x': entry } }, undefined, 2);

test('a tree without forbidden content passes', () => {
  expect(check('sub/package-lock.json', lock({ version: '1.0.0', integrity: 'sha512-x' }))).toEqual({
    status: 0,
    message: '',
  });
});

test.each([
  [
    'a download address of a package',
    'sub/package-lock.json',
    lock({ resolved: 'https://registry.example/x/-/x-1.0.0.tgz' }),
  ],
  ['an address of a registry', 'sub/.npmrc', ['registry', 'https://packages.example/npm/'].join('=')],
  [
    'an address of a registry',
    'requirements.txt',
    ['--extra-index-url', 'https://packages.example/simple'].join(' '),
  ],
  ['a path of one machine', 'docs/page.md', `see ${['', 'home', 'someone', 'shop'].join('/')}`],
  ['a private key', 'key.pem', ['-----BEGIN', 'RSA', 'PRIVATE', 'KEY-----'].join(' ')],
  ['a Google API key', 'model/maps.ts', `const key = '${`AI${'za'}${random(35)}`}';`],
])('%s in %s is rejected with its location', (what, file, text) => {
  const { status, message } = check(file, text);

  expect(status).toBe(1);
  expect(message).toContain(`${file}:`);
  expect(message).toContain(`the lines above contain ${what}`);
});

test('a failed search fails the check', () => {
  rmSync(join(tree, '.git'), { recursive: true });
  const { status, stderr } = spawnSync('bash', [SCRIPT], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(tree) },
  });

  expect(status).toBe(1);
  expect(stderr).toMatch(/the search for .* failed/);
});
