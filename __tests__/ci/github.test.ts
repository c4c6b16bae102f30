import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderReviews } from '../../tools/commands/review';
import { GithubApi, LONGEST_BODY, TOKEN, type Issue } from '../support/github-api';
import { reviewOf } from '../support/plans';

/** Each test starts Node several times. */
jest.setTimeout(60_000);

/** Runs the scripts as the workflows do, against a fake of GitHub's API. */
let github: GithubApi;
let folder: string;

beforeEach(async () => {
  github = new GithubApi();
  await github.start();
  folder = mkdtempSync(join(tmpdir(), 'github-'));
});

afterEach(async () => {
  await github.stop();
  rmSync(folder, { recursive: true });
});

async function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join('.ci', script), ...args], {
    env: { PATH: process.env['PATH'], ...github.environment, ...env },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, output };
}

function reviewFolderWith(reviews: Readonly<Record<string, string>>): string {
  const reviewFolder = mkdtempSync(join(folder, 'reviews-'));
  for (const [environment, text] of Object.entries(reviews))
    writeFileSync(join(reviewFolder, `${environment}.md`), text);
  return reviewFolder;
}

const NONE = JSON.stringify({ added: [], removed: [] });
const changed = (...names: readonly string[]) =>
  JSON.stringify(names.map((environment) => ({ environment, stacks: [`${environment}-network`] })));
const post = (reviews: Readonly<Record<string, string>>, ...failed: readonly string[]) =>
  run('post-review.mjs', ['7', reviewFolderWith(reviews), changed(...Object.keys(reviews), ...failed), NONE]);
const drift = (reviews: Readonly<Record<string, string>>, result = 'success') =>
  run('drift-issue.mjs', [reviewFolderWith(reviews), result]);

describe('the review comment', () => {
  let pull: Issue;
  const bodies = () => pull.comments.map(({ body }) => body);

  beforeEach(() => {
    pull = github.addIssue({ number: 7, title: 'a change', pull_request: {} });
  });

  test('is created once for all environments, then updated in place', async () => {
    const first = await post({ prod: '## prod: 1 to change\n', dev: '## dev: 2 to change\n' });
    expect(first).toEqual({ status: 0, output: 'posted the review of 2 environments\n' });
    expect(bodies()).toEqual(['<!-- mesh-review -->\n\n## dev: 2 to change\n\n## prod: 1 to change\n']);

    const second = await post({ prod: '## prod: 3 to change\n' });
    expect(second).toEqual({ status: 0, output: 'updated the review of 1 environments\n' });
    expect(bodies()).toEqual(['<!-- mesh-review -->\n\n## prod: 3 to change\n']);
  });

  test('is found beyond the first page of comments', async () => {
    github.addComments(pull, 230);
    await post({ dev: 'first' });
    github.addComments(pull, 5);
    await post({ dev: 'second' });

    expect(bodies().filter((body) => body.includes('mesh-review'))).toEqual([
      '<!-- mesh-review -->\n\nsecond\n',
    ]);
  });

  test.each([
    ['a person', { login: 'mallory', type: 'User' }],
    ['another bot', { login: 'mallory[bot]', type: 'Bot' }],
    ['a person with the login of the bot', { login: 'github-actions[bot]', type: 'User' }],
  ] as const)('does not change a comment of %s with its marker', async (_, user) => {
    github.addComments(pull, 1, { user, body: '<!-- mesh-review -->\n\nlooks safe' });
    await post({ dev: 'ours' });
    await post({ dev: 'ours again' });

    expect(bodies()).toEqual(['<!-- mesh-review -->\n\nlooks safe', '<!-- mesh-review -->\n\nours again\n']);
  });

  test('reports when no stack changes any more', async () => {
    await post({ dev: 'something' });
    await run('post-review.mjs', ['7', join(folder, 'no-artifacts'), changed(), NONE]);

    expect(bodies()).toEqual(['<!-- mesh-review -->\nNo stack changes.\n']);
  });

  test('reports environments that could not be planned', async () => {
    const { output } = await post({ dev: '## dev: 1 to change' }, 'prod');

    expect(output).toBe('posted the review of 1 environments; 1 could not be planned\n');
    expect(bodies()).toEqual([
      expect.stringMatching(
        /\n\n## prod: could not be planned, see \[the run\]\(.*\)\n\n## dev: 1 to change\n$/,
      ),
    ]);
  });

  test('keeps headlines and risks of every environment if there are too many addresses', async () => {
    const weakened = renderReviews([await reviewOf('weakened')], 'markdown');
    const addresses = Array.from({ length: 900 }, (_, index) => `- \`~\` \`kubernetes_manifest.x_${index}\``);
    const long = weakened.replace('\n</details>', `${addresses.join('\n')}\n\n</details>`);
    const routine = renderReviews([await reviewOf('routine-changes')], 'markdown');
    const { status } = await post({ dev: long, prod: long, staging: routine });
    const [body = ''] = bodies();

    expect(status).toBe(0);
    expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
    expect(body.match(/new caller: frontend → order-management/g)).toHaveLength(2);
    expect(body.match(/`mtls-weakened`/g)).toHaveLength(2);
    // One is shortened, not both, and the short review stays complete.
    expect(body.match(/Shortened to GitHub's limit/g)).toHaveLength(1);
    expect(body).toContain('[the run](https://github.example/shop/mesh/actions/runs/77)');
    expect(body).toContain(routine.trim());
    expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
  });

  test('keeps every risk of a review with too many headlines', async () => {
    const headlines = Array.from(
      { length: 2_000 },
      (_, index) => `- **service-${index}**: ${'new '.repeat(9)}`,
    );
    const risks = '### Risks\n\n- 🛑 **Public exposure increased** (critical, `public-exposure`)';
    const { status } = await post({
      prod: `## prod: 2000 to create\n\n${headlines.join('\n')}\n\n${risks}\n\n### Resources\n\n| a |`,
    });
    const [body = ''] = bodies();

    expect(status).toBe(0);
    expect(body).toContain('## prod: 2000 to create');
    expect(body).toContain('**service-19**');
    expect(body).toContain('- and 1980 more');
    expect(body).toContain('`public-exposure`');
  });

  test('is cut at the end of a line as a last resort', async () => {
    const lines = Array.from({ length: 9_000 }, (_, index) => `line number ${index}`);
    const { status } = await post({ dev: lines.join('\n') });
    const [body = ''] = bodies();

    expect(status).toBe(0);
    expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
    expect(body.length).toBeGreaterThan(LONGEST_BODY - 400);
    expect(body).toMatch(/\nline number \d+\n\n_Shortened to .*_\n$/);
  });

  test.each([[['seven', '.', '[]', NONE]], [['7', '.']], [[]]])(
    'is not posted with the arguments %j',
    async (args) => {
      expect(await run('post-review.mjs', args)).toEqual({
        status: 1,
        output: 'usage: post-review.mjs <pull request number> <folder with reviews> <planned> <unplanned>\n',
      });
    },
  );
});

describe('the drift issue', () => {
  const open = () => github.issues.filter(({ state }) => state === 'open');

  test('is opened, updated while drift lasts, and closed afterwards', async () => {
    expect((await drift({ prod: '## prod: 1 to change' })).output).toBe('opened an issue: prod\n');
    expect(open()).toMatchObject([
      { title: 'Drift: deployed resources differ from the code', labels: ['drift'] },
    ]);
    expect(open()[0]?.body).toContain('docs/runbooks/drift.md.\n\n## prod: 1 to change\n');

    expect((await drift({ dev: '## dev: 1', prod: '## prod: 2' })).output).toBe('updated #1: dev, prod\n');
    expect(open()).toHaveLength(1);
    expect(open()[0]?.body).toContain('## prod: 2');

    expect((await drift({})).output).toBe('no drift; closed #1\n');
    expect(github.issues).toMatchObject([{ state: 'closed', state_reason: 'completed' }]);
    expect((await drift({})).output).toBe('no drift\n');
  });

  test('stays open while an environment cannot be planned, and reports that', async () => {
    await drift({ prod: '## prod: 1' }, 'failure');
    expect(open()[0]?.body).toContain('At least one environment could not be planned.');

    await drift({}, 'failure');
    expect(open()).toHaveLength(1);
    await drift({ prod: '## prod: 2' });
    expect(open()[0]?.body).not.toContain('At least one environment');
  });

  test('is a new one if drift returns', async () => {
    await drift({ prod: 'one' });
    await drift({});
    await drift({ prod: 'two' });

    expect(github.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  test('is found again without the label, which GitHub may drop, and behind a hundred others', async () => {
    github.mayLabel = false;
    await drift({ prod: 'one' });
    for (let index = 0; index < 120; index += 1) github.addIssue({ user: { login: 'ada', type: 'User' } });
    await drift({ prod: 'two' });

    expect(open().filter(({ body }) => body.includes('mesh-drift'))).toMatchObject([{ number: 1 }]);
  });

  test('is not an issue of that title by a person, nor a pull request', async () => {
    const body = '<!-- mesh-drift -->';
    github.addIssue({
      title: 'Drift: deployed resources differ from the code',
      user: { login: 'ada', type: 'User' },
      body,
    });
    github.addIssue({ pull_request: {}, body });
    await drift({});
    await drift({ prod: 'drift' });

    expect(github.issues.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    expect(github.issues.map((issue) => issue.body === body)).toEqual([true, true, false]);
  });

  test("is shortened to GitHub's limit", async () => {
    const { status } = await drift({ prod: `## prod: many\n\n${'- a line\n'.repeat(20_000)}` });

    expect([status, open()[0]?.body.includes('Shortened')]).toEqual([0, true]);
  });
});

describe('an error of GitHub is printed as one sentence without the token', () => {
  const inAnHour = String(Math.floor(Date.now() / 1_000) + 3_600);

  test.each([
    ['an expired token', { status: 401 }, /returned 401 for GET .*: the token is missing or has expired; /],
    [
      'a missing permission',
      { status: 403 },
      /returned 403 .*: the token lacks a permission; check the permissions/,
    ],
    ['a hidden repository', { status: 404 }, /returned 404 .*: not found, or not visible for the token; /],
    ['an outage', { status: 502 }, /returned 502 .*: GitHub had an internal error; run this job again later/],
    [
      'the secondary rate limit',
      { status: 429, headers: { 'retry-after': '61' } },
      /run this job again in 2 minutes/,
    ],
    [
      'the hourly rate limit',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inAnHour } },
      /the rate limit is exceeded; run this job again in (5\d|60) minutes/,
    ],
  ])('%s', async (_, failure, sentence) => {
    github.failure = failure;
    for (const [script, ...args] of [
      ['post-review.mjs', '7', reviewFolderWith({ dev: 'text' }), changed(), NONE],
      ['drift-issue.mjs', reviewFolderWith({ dev: 'text' }), 'success'],
    ] as const) {
      const { status, output } = await run(script, args);

      expect(status).toBe(1);
      expect(output).toMatch(sentence);
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(output).not.toContain(TOKEN);
    }
    expect(github.requests).toHaveLength(2);
  });

  test('for an unknown pull request, and for a wrong token', async () => {
    expect((await post({ dev: 'text' })).output).toMatch(/returned 404 for GET issues\/7\/comments/);
    github.addIssue({ number: 7 });
    const args = ['7', reviewFolderWith({ dev: 'text' }), changed(), NONE];
    const wrong = await run('post-review.mjs', args, { GITHUB_TOKEN: 'wrong-token' });

    expect([
      wrong.status,
      wrong.output.includes('returned 401'),
      wrong.output.includes('wrong-token'),
    ]).toEqual([1, true, false]);
  });

  test('for a token with a line break, which the client quotes', async () => {
    const { status, output } = await run('drift-issue.mjs', [reviewFolderWith({}), 'success'], {
      GITHUB_TOKEN: `${TOKEN}\nx`,
    });

    expect([status, output.includes(TOKEN)]).toEqual([1, false]);
  });

  test('for an unreachable GitHub, and outside of a workflow', async () => {
    const gone = new GithubApi();
    await gone.start();
    const { GITHUB_API_URL = '' } = gone.environment;
    await gone.stop();

    expect(await run('drift-issue.mjs', [folder, 'success'], { GITHUB_API_URL })).toEqual({
      status: 1,
      output: `GitHub cannot be reached at ${GITHUB_API_URL}: ECONNREFUSED\n`,
    });
    expect((await run('drift-issue.mjs', [folder, 'success'], { GITHUB_TOKEN: '' })).output).toBe(
      'GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN must be set, as in a workflow\n',
    );
  });
});
