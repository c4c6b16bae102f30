import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GithubApi, type Issue } from '../support/github-api';

let github: GithubApi;
let folder: string;
let pull: Issue;

beforeEach(async () => {
  github = new GithubApi();
  await github.start();
  pull = github.addIssue({ number: 7, title: 'a change', pull_request: {} });
  folder = mkdtempSync(join(tmpdir(), 'unplanned-'));
});

afterEach(async () => {
  await github.stop();
  rmSync(folder, { recursive: true });
});

function post(added: readonly string[], removed: readonly string[]): Promise<unknown> {
  const child = spawn(
    process.execPath,
    ['.ci/post-review.mjs', '7', folder, '[]', JSON.stringify({ added, removed })],
    { env: { PATH: process.env['PATH'], ...github.environment } },
  );
  return new Promise((resolve) => child.on('close', resolve));
}

test('stacks without a plan are listed after the reviews', async () => {
  writeFileSync(join(folder, 'dev.md'), '## dev: 1 to change\n');
  expect(await post(['qa-network'], ['dev-data'])).toBe(0);

  expect(pull.comments.map(({ body }) => body)).toEqual([
    expect.stringMatching(
      /\n\n## dev: 1 to change\n\n## Without a plan\n\n- \*\*qa-network\*\*: new environment.*\n- \*\*dev-data\*\*: removed from the code.*\n$/,
    ),
  ]);
});

test('an invalid stack name is not printed', async () => {
  expect(await post(['[click](https://elsewhere.example)', '@team'], [])).toBe(0);

  expect(pull.comments.map(({ body }) => body)).toEqual([expect.not.stringMatching(/elsewhere|@team/)]);
});
