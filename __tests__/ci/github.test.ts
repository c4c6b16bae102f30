import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderReviews } from '../../tools/commands/review';
import { GithubApi, LONGEST_BODY, TOKEN, type Issue } from '../support/github-api';
import { reviewOf } from '../support/plans';

/** Each starts node once or twice. */
jest.setTimeout(60_000);

/** The scripts as the workflows run them, against GitHub's API on loopback. */
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

function reviewed(reviews: Readonly<Record<string, string>>): string {
  const reviewFolder = mkdtempSync(join(folder, 'reviews-'));
  for (const [environment, text] of Object.entries(reviews))
    writeFileSync(join(reviewFolder, `${environment}.md`), text);
  return reviewFolder;
}

const NONE = JSON.stringify({ added: [], removed: [] });
const changed = (...names: readonly string[]) =>
  JSON.stringify(names.map((environment) => ({ environment, stacks: [`${environment}-network`] })));
const post = (reviews: Readonly<Record<string, string>>, ...failed: readonly string[]) =>
  run('post-review.mjs', ['7', reviewed(reviews), changed(...Object.keys(reviews), ...failed), NONE]);
const drift = (reviews: Readonly<Record<string, string>>, result = 'success') =>
  run('drift-issue.mjs', [reviewed(reviews), result]);

describe('the comment with the review', () => {
  let pull: Issue;
  const bodies = () => pull.comments.map(({ body }) => body);

  beforeEach(() => {
    pull = github.addIssue({ number: 7, title: 'a change', pull_request: {} });
  });

  test('is written once for all environments, and then updated in place', async () => {
    const first = await post({ prod: '## prod: 1 to change\n', dev: '## dev: 2 to change\n' });
    expect(first).toEqual({ status: 0, output: 'posted the review of 2 environments\n' });
    expect(bodies()).toEqual(['<!-- mesh-review -->\n\n## dev: 2 to change\n\n## prod: 1 to change\n']);

    const second = await post({ prod: '## prod: 3 to change\n' });
    expect(second).toEqual({ status: 0, output: 'updated the review of 1 environments\n' });
    expect(bodies()).toEqual(['<!-- mesh-review -->\n\n## prod: 3 to change\n']);
  });

  test('is found behind more comments than GitHub lists at once', async () => {
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
    ['a person who calls himself a bot', { login: 'github-actions[bot]', type: 'User' }],
  ] as const)('leaves a comment of %s alone that has its mark', async (_, user) => {
    github.addComments(pull, 1, { user, body: '<!-- mesh-review -->\n\nlooks safe' });
    await post({ dev: 'ours' });
    await post({ dev: 'ours again' });

    expect(bodies()).toEqual(['<!-- mesh-review -->\n\nlooks safe', '<!-- mesh-review -->\n\nours again\n']);
  });

  test('says so when nothing is planned any more', async () => {
    await post({ dev: 'something' });
    await run('post-review.mjs', ['7', join(folder, 'no-artifacts'), changed(), NONE]);

    expect(bodies()).toEqual(['<!-- mesh-review -->\nThis change plans no stack.\n']);
  });

  test('does not keep quiet about what could not be planned', async () => {
    const { output } = await post({ dev: '## dev: 1 to change' }, 'prod');

    expect(output).toBe('posted the review of 1 environments; 1 could not be planned\n');
    expect(bodies()).toEqual([
      expect.stringMatching(
        /\n\n## prod: could not be planned, see \[the run\]\(.*\)\n\n## dev: 1 to change\n$/,
      ),
    ]);
  });

  test('keeps headlines and risks of every environment when addresses are too many', async () => {
    const weakened = renderReviews([await reviewOf('weakened')], 'markdown');
    const addresses = Array.from({ length: 900 }, (_, index) => `- \`~\` \`kubernetes_manifest.x_${index}\``);
    const long = weakened.replace('\n</details>', `${addresses.join('\n')}\n\n</details>`);
    const calm = renderReviews([await reviewOf('calm')], 'markdown');
    const { status } = await post({ dev: long, prod: long, staging: calm });
    const [body = ''] = bodies();

    expect(status).toBe(0);
    expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
    expect(body.match(/new caller: frontend → order-management/g)).toHaveLength(2);
    expect(body.match(/`mtls-weakened`/g)).toHaveLength(2);
    // One had to be shortened, not both, and the short one stays whole.
    expect(body.match(/Shortened, since GitHub takes no longer text/g)).toHaveLength(1);
    expect(body).toContain('[the run](https://github.example/shop/mesh/actions/runs/77)');
    expect(body).toContain(calm.trim());
    expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
  });

  test('keeps every risk even of a review that has too many headlines', async () => {
    const headlines = Array.from(
      { length: 2_000 },
      (_, index) => `- **service-${index}**: ${'new '.repeat(9)}`,
    );
    const risks = '### Risks\n\n- 🛑 **Somebody may ask** (critical, `public-exposure`)';
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

  test('is cut at the end of a line if nothing else helps', async () => {
    const lines = Array.from({ length: 9_000 }, (_, index) => `line number ${index}`);
    const { status } = await post({ dev: lines.join('\n') });
    const [body = ''] = bodies();

    expect(status).toBe(0);
    expect(body.length).toBeLessThanOrEqual(LONGEST_BODY);
    expect(body.length).toBeGreaterThan(LONGEST_BODY - 400);
    expect(body).toMatch(/\nline number \d+\n\n_Shortened, since .*_\n$/);
  });

  test.each([[['seven', '.', '[]', NONE]], [['7', '.']], [[]]])('is refused for %j', async (args) => {
    expect(await run('post-review.mjs', args)).toEqual({
      status: 1,
      output: 'give the number of the pull request, a folder, and what is planned and what is not\n',
    });
  });
});

describe('the issue about drift', () => {
  const open = () => github.issues.filter(({ state }) => state === 'open');

  test('is opened, updated every night that it lasts, and closed when it is gone', async () => {
    expect((await drift({ prod: '## prod: 1 to change' })).output).toBe('opened an issue: prod\n');
    expect(open()).toMatchObject([{ title: 'What runs is not what is written', labels: ['drift'] }]);
    expect(open()[0]?.body).toContain('docs/runbooks/drift.md.\n\n## prod: 1 to change\n');

    expect((await drift({ dev: '## dev: 1', prod: '## prod: 2' })).output).toBe('updated #1: dev, prod\n');
    expect(open()).toHaveLength(1);
    expect(open()[0]?.body).toContain('## prod: 2');

    expect((await drift({})).output).toBe('no drift; closed #1\n');
    expect(github.issues).toMatchObject([{ state: 'closed', state_reason: 'completed' }]);
    expect((await drift({})).output).toBe('no drift\n');
  });

  test('stays open while an environment cannot be planned, and says so', async () => {
    await drift({ prod: '## prod: 1' }, 'failure');
    expect(open()[0]?.body).toContain('Not every environment could be planned.');

    await drift({}, 'failure');
    expect(open()).toHaveLength(1);
    await drift({ prod: '## prod: 2' });
    expect(open()[0]?.body).not.toContain('Not every environment');
  });

  test('is a new one when drift comes back', async () => {
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
      title: 'What runs is not what is written',
      user: { login: 'ada', type: 'User' },
      body,
    });
    github.addIssue({ pull_request: {}, body });
    await drift({});
    await drift({ prod: 'drift' });

    expect(github.issues.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    expect(github.issues.map((issue) => issue.body === body)).toEqual([true, true, false]);
  });

  test('keeps what GitHub takes of a long review', async () => {
    const { status } = await drift({ prod: `## prod: many\n\n${'- a line\n'.repeat(20_000)}` });

    expect([status, open()[0]?.body.includes('Shortened')]).toEqual([0, true]);
  });
});

describe('what GitHub refuses ends in one sentence without the token', () => {
  const inAnHour = String(Math.floor(Date.now() / 1_000) + 3_600);

  test.each([
    ['a token that ended', { status: 401 }, /answers 401 to GET .*: the token has ended or is none; /],
    ['a right that lacks', { status: 403 }, /answers 403 .*: the token may not do this; see the permissions/],
    ['what it hides', { status: 404 }, /answers 404 .*: it is not there, or the token may not see it; /],
    ['its own fault', { status: 502 }, /answers 502 .*: the fault is its own; run this job again later/],
    [
      'too many at once',
      { status: 429, headers: { 'retry-after': '61' } },
      /run this job again in 2 minutes/,
    ],
    [
      'too many this hour',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inAnHour } },
      /its limit of requests is reached; run this job again in (5\d|60) minutes/,
    ],
  ])('%s', async (_, failure, sentence) => {
    github.failure = failure;
    for (const [script, ...args] of [
      ['post-review.mjs', '7', reviewed({ dev: 'text' }), changed(), NONE],
      ['drift-issue.mjs', reviewed({ dev: 'text' }), 'success'],
    ] as const) {
      const { status, output } = await run(script, args);

      expect(status).toBe(1);
      expect(output).toMatch(sentence);
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(output).not.toContain(TOKEN);
    }
    expect(github.requests).toHaveLength(2);
  });

  test('so does a pull request that is not there, and a token that is wrong', async () => {
    expect((await post({ dev: 'text' })).output).toMatch(/answers 404 to GET issues\/7\/comments/);
    github.addIssue({ number: 7 });
    const args = ['7', reviewed({ dev: 'text' }), changed(), NONE];
    const wrong = await run('post-review.mjs', args, { GITHUB_TOKEN: 'wrong-token' });

    expect([
      wrong.status,
      wrong.output.includes('answers 401'),
      wrong.output.includes('wrong-token'),
    ]).toEqual([1, true, false]);
  });

  test('so does a token with a line break, which the client would quote', async () => {
    const { status, output } = await run('drift-issue.mjs', [reviewed({}), 'success'], {
      GITHUB_TOKEN: `${TOKEN}\nx`,
    });

    expect([status, output.includes(TOKEN)]).toEqual([1, false]);
  });

  test('so does a GitHub that cannot be reached, and a step outside a workflow', async () => {
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
