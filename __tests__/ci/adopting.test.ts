/** A fork with its own catalogue takes a later version of the platform, by the commands of docs/adopting.md. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { initCatalogue } from '../../tools/commands/init';
import { TODAY } from '../support/catalogue-fixture';

jest.setTimeout(60_000);

const PAGE = readFileSync('docs/adopting.md', 'utf8');
/** First column of "Your files". */
const OWNED = [...PAGE.slice(PAGE.indexOf('## Your files')).matchAll(/^\| `([^`]+)`/gm)].map(
  ([, path = '']) => path,
);
const RESTORE = /^git reset .*\ngit restore .*$/m.exec(PAGE)?.[0] ?? '';
const REMOVE = /^git rm .*$/m.exec(PAGE)?.[0] ?? '';

const work = mkdtempSync(join(tmpdir(), 'adopting-'));
const upstream = join(work, 'upstream');
const fork = join(work, 'fork');
afterAll(() => rmSync(work, { recursive: true }));

function shell(cwd: string, command: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'test',
      GIT_AUTHOR_EMAIL: 'test@shop.example',
      GIT_COMMITTER_NAME: 'test',
      GIT_COMMITTER_EMAIL: 'test@shop.example',
    },
  });
  return { status, output: stdout + stderr };
}

function mustRun(cwd: string, command: string): string {
  const { status, output } = shell(cwd, command);
  if (status !== 0) throw new Error(`${command}: ${output}`);
  return output;
}

beforeAll(() => {
  mustRun(
    work,
    `git clone --quiet --no-tags '${resolve('.')}' upstream && git -C upstream checkout --quiet -B main`,
  );
  mustRun(work, 'git clone --quiet --origin upstream --branch main upstream fork');
  mustRun(fork, REMOVE);
  initCatalogue(
    join(fork, 'mesh-config'),
    {
      name: 'books',
      domain: 'books.example',
      project: 'books-dev',
      projectNumber: '123456789012',
      region: 'europe-west1',
      email: 'alerts@books.example',
    },
    join(fork, 'mesh-config/schema'),
    TODAY,
  );
  writeFileSync(join(fork, '.github/CODEOWNERS'), '* @books/platform\n');
  mustRun(fork, "git add --all && git commit --quiet --message 'Adopt the platform'");
});

function changeUpstream(files: readonly string[]): void {
  for (const file of files) appendFileSync(join(upstream, file), '# a later version\n');
  mustRun(upstream, "git add --all && git commit --quiet --message 'A later version'");
  mustRun(fork, 'git fetch --quiet upstream');
}

const catalogue = () => mustRun(fork, 'git ls-tree -r HEAD mesh-config .github/CODEOWNERS');

test('the files that a fork replaces are those of the adopter', () => {
  const changed = mustRun(fork, 'git diff --name-only HEAD~1').trim().split('\n');

  expect(changed.length).toBeGreaterThan(10);
  expect(changed.filter((file) => !OWNED.some((path) => file.startsWith(path)))).toEqual([]);
});

test('a change of the platform merges without a conflict', () => {
  changeUpstream(['README.md', 'model/naming.ts', 'mesh-config/README.md']);
  const before = catalogue();

  expect(shell(fork, 'git merge --quiet --no-edit upstream/main').status).toBe(0);
  expect(catalogue().replace(/.*mesh-config\/README\.md\n/, '')).toBe(
    before.replace(/.*mesh-config\/README\.md\n/, ''),
  );
});

test("a change of the example stops at the adopter's files alone, and the documented commands keep them", () => {
  changeUpstream([
    'docs/pipelines.md',
    '.github/CODEOWNERS',
    'mesh-config/services/cart.yaml',
    'mesh-config/environments/dev.yaml',
    'mesh-config/releases/prod.yaml',
  ]);
  const before = catalogue();

  expect(shell(fork, 'git merge --no-commit --no-ff upstream/main').status).toBe(1);
  const conflicts = mustRun(fork, 'git diff --name-only --diff-filter=U').trim().split('\n');
  expect(conflicts).toContain('mesh-config/services/cart.yaml');
  expect(conflicts.filter((file) => !OWNED.some((path) => file.startsWith(path)))).toEqual([]);

  mustRun(fork, `set -e\n${RESTORE}\ngit commit --quiet --no-edit`);
  expect(catalogue()).toBe(before);
  expect(existsSync(join(fork, 'mesh-config/services/cart.yaml'))).toBe(false);
  expect(readFileSync(join(fork, 'docs/pipelines.md'), 'utf8')).toContain('# a later version');
});
