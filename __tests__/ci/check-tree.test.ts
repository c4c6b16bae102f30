/** The search for what must never be committed, in repositories that hold it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const SCRIPT = resolve('.ci/check-tree.sh');

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'tree-'));
  spawnSync('git', ['init', '-q'], { cwd: repository });
});
afterEach(() => rmSync(repository, { recursive: true }));

function checked(file: string, text: string) {
  mkdirSync(dirname(join(repository, file)), { recursive: true });
  writeFileSync(join(repository, file), text);
  spawnSync('git', ['add', '-A'], { cwd: repository });
  const { status, stderr } = spawnSync('bash', [SCRIPT], { cwd: repository, encoding: 'utf8' });
  return { status, stderr: stderr.trim() };
}

test.each([
  [
    'tools/package-lock.json',
    '{ "resolved": "https://registry.example/x.tgz" }',
    'a download address of a package',
  ],
  ['docs/x.md', `run ${['', 'home', 'somebody', 'bin'].join('/')}`, 'a path of one machine'],
  ['x.pem', ['-----BEGIN', 'EC PRIVATE KEY-----'].join(' '), 'a private key'],
  ['stack.json', `"AIza${'x'.repeat(35)}"`, 'a Google API key'],
])('%s with %s: refused', (file, text, what) => {
  expect(checked(file, text)).toEqual({ status: 1, stderr: `the lines above hold ${what}` });
});

test('a tree without any of it passes', () => {
  expect(checked('docs/x.md', 'GET /work-orders/1, https://example.com/home/x')).toEqual({
    status: 0,
    stderr: '',
  });
});

test('a search that cannot run is no good news', () => {
  rmSync(join(repository, '.git'), { recursive: true });
  const { status, stderr } = checked('docs/x.md', 'nothing');
  expect([status, stderr]).toEqual([1, expect.stringContaining('the search for a private key did not run')]);
});
