/**
 * The release workflows from end to end: their own shell, the compiled command, a bare git remote, Google's APIs on
 * loopback with a real signing key, and a fake of GitHub's API.
 */
import { spawn, spawnSync } from 'node:child_process';
import { verify } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { buildCommand, GitShop } from '../support/git-shop';
import { LoopbackGoogle } from '../support/loopback-google';
import { environmentFile, TWO_ENVIRONMENTS } from '../support/two-environments';

jest.setTimeout(60_000);

const SIGNED = (text: string) => text.replace('images: {}', 'images: { attestation: required }');
const FILES = {
  ...TWO_ENVIRONMENTS,
  'environments/staging.yaml': environmentFile('staging', SIGNED),
  'environments/prod.yaml': environmentFile('prod', SIGNED),
};
const { jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8'));
const runOf = (job: string) =>
  jobs[job].steps.map((step: { run?: string }) => step.run).find((run?: string) => run?.includes('.ci/'));

let google: LoopbackGoogle;
let shop: GitShop;
let tools: string;
let remote: string;
let output: string;

beforeAll(buildCommand, 60_000);
beforeEach(async () => {
  google = new LoopbackGoogle();
  await google.start();
  tools = mkdtempSync(join(tmpdir(), 'release-tools-'));
  google.writeRedirect(join(tools, 'redirect.cjs'));
  writeFileSync(
    join(tools, 'npx'),
    `#!/bin/sh\nshift 2\nexec node '${resolve('dist/tools/mesh.js')}' "$@"\n`,
  );
  chmodSync(join(tools, 'npx'), 0o755);
  output = join(tools, 'output');
  writeFileSync(output, '');
  shop = new GitShop(FILES);
  cpSync('.ci', join(shop.folder, '.ci'), { recursive: true });
  writeFileSync(join(shop.folder, '.gitignore'), '/release/\n');
  shop.commit('Add the pipeline', '2026-01-10T08:00:00Z');
  remote = join(tools, 'remote.git');
  shop.git('clone', '--quiet', '--bare', shop.folder, remote);
  shop.git('remote', 'add', 'origin', remote);
});
afterEach(async () => {
  await google.stop();
  shop.remove();
  rmSync(tools, { recursive: true });
});

/** Asynchronous, because the APIs run in this process. */
async function bash(script: string, env: Readonly<Record<string, string>> = {}, cwd = shop.folder) {
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${tools}:${process.env['PATH']}`,
      HOME: tools,
      SHLVL: '1',
      NODE_OPTIONS: `--require ${join(tools, 'redirect.cjs')}`,
      GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.token',
      GITHUB_OUTPUT: output,
      ...env,
    },
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const status = await new Promise((done) => child.on('close', done));
  return { status, text };
}

/** The step of the workflow with its inputs. */
const ship = (inputs: Readonly<Record<string, string>>) => bash(runOf('attest'), inputs);

function pushedImage(content: string): string {
  const image = google.push('shop-staging/shop/stock', content);
  google.scanned(image, 'shop-staging', 'FINISHED_SUCCESS');
  return image;
}

function remoteFile(ref: string, path: string): string {
  return spawnSync('git', ['show', `${ref}:${path}`], { cwd: remote, encoding: 'utf8' }).stdout;
}

const branches = () =>
  spawnSync('git', ['branch', '--format=%(refname:short)'], { cwd: remote, encoding: 'utf8' })
    .stdout.trim()
    .split('\n');
const short = (image: string) => image.slice(image.indexOf('sha256:') + 7).slice(0, 12);

test('an image is signed, its release file pushed as a branch, and promoted to prod with a signature of its own', async () => {
  const image = pushedImage('stock 2');
  const staged = await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: image });
  expect(staged).toEqual({
    status: 0,
    text: expect.stringContaining(`sha256:${short(image)} in staging: signed\n`),
  });
  expect(readFileSync(output, 'utf8')).toBe(`commit=${shop.git('rev-parse', 'HEAD')}\nchanged=true\n`);

  const pushed = await bash(runOf('branch'));
  const branch = `release/staging-stock-${short(image)}`;
  expect(pushed).toEqual({ status: 0, text: `pushed ${branch}\n` });
  expect(branches()).toEqual(['main', branch]);
  expect(remoteFile(branch, 'mesh-config/releases/staging.yaml')).toContain(`v1: ${image}`);
  const changed = spawnSync('git', ['diff', '--name-only', 'main', branch], {
    cwd: remote,
    encoding: 'utf8',
  }).stdout;
  expect(changed).toBe('mesh-config/releases/staging.yaml\n');

  shop.git('switch', '--quiet', 'main');
  shop.merge(branch, '2026-01-11T08:00:00Z');
  const copy = image.replace('shop-staging', 'shop-prod');
  google.scanned(copy, 'shop-prod', 'FINISHED_SUCCESS');
  const promoted = await ship({ SERVICE: 'stock', ENVIRONMENT: 'prod', FROM: 'staging' });
  expect(promoted.text).toContain(`sha256:${short(image)}: verified the attestation of staging\n`);
  expect(promoted).toEqual({
    status: 0,
    text: expect.stringContaining(`sha256:${short(image)} in prod: signed\n`),
  });
  expect(shop.read('releases/prod.yaml')).toContain(`v1: ${copy}`);

  const attestation = google.occurrences.find(
    ({ kind, project }) => kind === 'ATTESTATION' && project === 'shop-prod',
  ) as any;
  const payload = Buffer.from(attestation.attestation.serializedPayload, 'base64');
  const signature = Buffer.from(attestation.attestation.signatures[0].signature, 'base64');
  expect(verify('sha256', payload, google.keyOf('shop-prod').publicKey, signature)).toBe(true);
  expect(payload.toString()).toContain(copy.replace(/.*@/, ''));
});

test('a release that is there already pushes nothing', async () => {
  const image = pushedImage('stock 2');
  shop.write({
    'releases/staging.yaml': shop.read('releases/staging.yaml').replace(/v1: \S+stock\S+/, `v1: ${image}`),
  });
  shop.commit('Ship stock', '2026-01-11T08:00:00Z');

  expect((await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: image })).status).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain('changed=false\n');
  expect(await bash(runOf('branch'))).toEqual({
    status: 0,
    text: 'the release file has not changed; nothing to push\n',
  });
  expect(branches()).toEqual(['main']);
});

test.each<[string, () => Record<string, string>, string]>([
  [
    'with a fixable vulnerability',
    () => {
      const image = google.push('shop-staging/shop/stock', 'stock 2');
      google.scanned(image, 'shop-staging', 'FINISHED_SUCCESS', ['CRITICAL']);
      return { SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: image };
    },
    'CVE-2026-1 (CRITICAL)',
  ],
  [
    'of an unknown service',
    () => ({ SERVICE: 'stok', ENVIRONMENT: 'staging', IMAGE: pushedImage('x') }),
    "did you mean 'stock'?",
  ],
  [
    'with shell in an input',
    () => ({ SERVICE: '$(touch injected)', ENVIRONMENT: 'staging', IMAGE: '; touch injected' }),
    "unknown service '$(touch injected)'",
  ],
])('an image %s is neither signed nor pushed', async (_, inputs, message) => {
  const { status, text } = await ship(inputs());

  expect(status).not.toBe(0);
  expect(text).toContain(message);
  expect(google.occurrences.filter(({ kind }) => kind === 'ATTESTATION')).toEqual([]);
  expect(readFileSync(output, 'utf8')).toBe('');
  expect(existsSync(join(shop.folder, 'injected'))).toBe(false);
});

test('the branch keeps releases that were merged meanwhile', async () => {
  const image = pushedImage('stock 2');
  await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: image });
  const other = shop.clone();
  other.git('remote', 'set-url', 'origin', remote);
  other.write({
    'releases/staging.yaml': other.read('releases/staging.yaml').replace(/a{64}/, 'e'.repeat(64)),
  });
  other.commit('Ship cart', '2026-01-11T08:00:00Z');
  other.git('push', '--quiet', 'origin', 'main');
  await bash(runOf('branch'));
  other.git('fetch', '--quiet', 'origin');
  other.git('merge', '--quiet', '--no-edit', `origin/release/staging-stock-${short(image)}`);

  expect(other.read('releases/staging.yaml')).toContain('e'.repeat(64));
  expect(other.read('releases/staging.yaml')).toContain(image);
  other.remove();
});

test('a refused push is reported in one sentence without the token', async () => {
  await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: pushedImage('stock 2') });
  rmSync(remote, { recursive: true });

  const { status, text } = await bash(runOf('branch'), { GITHUB_TOKEN: 'a-token-for-tests-only' });
  expect(status).toBe(1);
  expect(text).toMatch(
    /^git push failed: .*; check the permissions of the job and the protection of the branch\n$/,
  );
  expect(text).not.toContain('a-token-for-tests-only');
});

test('Cloud Build ships to a branch of the remote', async () => {
  const { steps } = parse(readFileSync('cloudbuild.yaml', 'utf8'));
  const script: string = steps.at(-1).args[1].replaceAll('$$', '$');
  const build = join(tools, 'workspace');
  mkdirSync(build);
  cpSync('.ci', join(build, '.ci'), { recursive: true });
  writeFileSync(join(tools, 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  const image = pushedImage('stock 2');

  const result = await bash(
    `set -u\n${script}`,
    {
      STEP: 'release',
      SERVICE: 'stock',
      ENVIRONMENT: 'staging',
      IMAGE: image,
      FROM: '',
      VERSION: '',
      HOTFIX: '',
      TICKET: '',
      REMOTE: `file://${remote}`,
      WAVE: '',
      BUILD: 'b-1',
      PLANNED_BY: '',
      APPROVED: '',
    },
    build,
  );
  const branch = `release/staging-stock-${short(image)}`;
  expect(result).toEqual({ status: 0, text: expect.stringContaining(`pushed ${branch}\n`) });
  expect(remoteFile(branch, 'mesh-config/releases/staging.yaml')).toContain(`v1: ${image}`);
});

describe('the pull request', () => {
  interface Pull {
    readonly number: number;
    readonly title: string;
    readonly state: string;
    readonly head: { readonly ref: string };
    readonly body: string;
    readonly draft: boolean;
    readonly labels: string[];
    readonly comments: string[];
    readonly user: { readonly login: string; readonly type: string };
  }
  let pulls: Pull[];
  let server: Server;
  const WORKFLOW = { login: 'github-actions[bot]', type: 'Bot' };

  beforeEach(async () => {
    pulls = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString());
        const [path = ''] = (request.url ?? '').split('?');
        const pull = pulls.find(({ number }) => path.includes(`/${number}`));
        const open = pulls.filter(({ state }) => state === 'open');
        if (request.method === 'GET') return response.end(JSON.stringify(open));
        if (path.endsWith('/labels'))
          Object.assign(pull!, { labels: [...new Set([...pull!.labels, ...body.labels])] });
        else if (path.endsWith('/comments')) pull!.comments.push(body.body);
        else if (pull) Object.assign(pull, body);
        else
          pulls.push({
            ...body,
            number: 41 + pulls.length,
            head: { ref: body.head },
            state: 'open',
            labels: [],
            comments: [],
            user: WORKFLOW,
          });
        return response.end(JSON.stringify(pull ?? pulls.at(-1)));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => new Promise((done) => server.close(done)));

  const open = () =>
    bash(runOf('pull-request'), {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'shop/mesh',
      GITHUB_RUN_ID: '77',
      GITHUB_TOKEN: 'a-token-for-tests-only',
    });

  test('is a draft with labels, updated in place, and closes the one before it', async () => {
    const first = pushedImage('stock 2');
    await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: first });
    expect((await open()).text).toBe(`opened #41: Release stock v1 ${short(first)} to staging\n`);
    expect(pulls).toMatchObject([
      {
        draft: true,
        base: 'main',
        head: { ref: `release/staging-stock-${short(first)}` },
        labels: ['release', 'staging'],
      },
    ]);
    expect(pulls[0]!.body).toContain(first);
    expect((await open()).text).toBe(`updated #41: Release stock v1 ${short(first)} to staging\n`);

    const second = pushedImage('stock 3');
    await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: second });
    expect((await open()).text).toBe(
      `opened #42: Release stock v1 ${short(second)} to staging\nclosed #41\n`,
    );
    expect(pulls.map(({ number, state }) => [number, state])).toEqual([
      [41, 'closed'],
      [42, 'open'],
    ]);
    expect(pulls[0]!.comments).toEqual(['Superseded by #42.']);
  });

  test('of a person with the same branch name is left alone', async () => {
    const image = pushedImage('stock 2');
    await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: image });
    await open();
    Object.assign(pulls[0]!, { user: { login: 'ada', type: 'User' } });
    const next = pushedImage('stock 3');
    await ship({ SERVICE: 'stock', ENVIRONMENT: 'staging', IMAGE: next });
    await open();

    expect(pulls.map(({ state }) => state)).toEqual(['open', 'open']);
  });

  test('of a hotfix has its label and its reason', async () => {
    const image = pushedImage('stock 2');
    await ship({
      SERVICE: 'stock',
      ENVIRONMENT: 'staging',
      IMAGE: image,
      HOTFIX: 'stock is always empty',
      TICKET: 'INC-42',
    });
    await open();

    expect(pulls[0]!.labels).toEqual(['release', 'staging', 'hotfix']);
    expect(pulls[0]!.body).toContain('**Hotfix** without promotion: INC-42, stock is always empty');
  });
});
