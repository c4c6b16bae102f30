import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STACK_NAMES } from '../../model/naming';
import { SERVICE_AGENTS } from '../../model/service-agents';
import { shop } from '../support/synth';

/** The programs as users start them; the build is the tests' own. */
let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mesh-process-'));
  const build = spawnSync('node', ['node_modules/typescript/bin/tsc', '-b'], { encoding: 'utf8' });
  expect(build.stdout).toBe('');
}, 60_000);

afterAll(() => rmSync(work, { recursive: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: join(work, 'out'), ...env },
  });
  return { status, stdout, stderr };
}

function corruptedCatalogue(): string {
  const folder = join(work, 'spoilt');
  cpSync('mesh-config', folder, { recursive: true });
  const cart = join(folder, 'services/cart.yaml');
  writeFileSync(cart, readFileSync(cart, 'utf8').replace('tier: critical', 'tier: top'));
  return folder;
}

test('synth writes fifteen stacks without a terraform binary on the path', () => {
  const { status, stderr } = run(['dist/main.js'], { PATH: 'nowhere' });

  expect([status, stderr]).toEqual([0, '']);
  expect(readdirSync(join(work, 'out/stacks'))).toHaveLength(shop.environments.length * STACK_NAMES.length);
});

test('synth fails with one line for one fault, and writes nothing', () => {
  const outdir = join(work, 'nothing');
  const { status, stdout, stderr } = run(['dist/main.js'], {
    MESH_CONFIG: corruptedCatalogue(),
    CDKTF_OUTDIR: outdir,
  });

  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /services\/cart\.yaml:6:7: tier: 'top' is not one of critical, standard, best-effort\n$/,
  );
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(existsSync(outdir)).toBe(false);
});

test('validate says what there is, or what is wrong', () => {
  expect(run(['dist/tools/mesh.js', 'validate'])).toEqual({
    status: 0,
    stdout: '3 environments, 8 services, 1 third party: no faults\n',
    stderr: '',
  });
  const corrupted = run(['dist/tools/mesh.js', 'validate'], { MESH_CONFIG: corruptedCatalogue() });
  expect([corrupted.status, corrupted.stderr]).toEqual([1, '']);
  expect(corrupted.stdout).toContain("tier: 'top'");

  const sarif = run(['dist/tools/mesh.js', 'validate', '--format', 'sarif'], {
    MESH_CONFIG: corruptedCatalogue(),
  });
  expect(sarif.status).toBe(1);
  expect(JSON.parse(sarif.stdout)).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ level: 'error' }] }],
  });
});

test('show tells callers, calls and promises', () => {
  const { status, stdout } = run(['dist/tools/mesh.js', 'show', 'checkout']);

  expect(status).toBe(0);
  expect(stdout).toContain('v2  10 %');
  expect(stdout).toContain('v1 → order-management: GET POST /orders /orders/*');
  expect(stdout).not.toContain('v2 → order-management');
});

test.each([
  [['show', 'cartt'], "'cartt' is no service; did you mean 'cart'?\n"],
  [['show', 'cart', '--env', 'prd'], "'prd' is no environment; did you mean 'prod'?\n"],
  [['graph', '--format', 'png'], "'png' is no format; use one of dot, json, mermaid\n"],
])('fails with a sentence on %j', (args, message) => {
  expect(run(['dist/tools/mesh.js', ...args])).toEqual({ status: 1, stdout: '', stderr: message });
});

test('manifests prints each object under its address', () => {
  const { status, stdout } = run([
    'dist/tools/mesh.js',
    'manifests',
    '--env',
    'prod',
    '--stack',
    'observability',
  ]);

  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^# prod-observability kubernetes_manifest\.telemetry\napiVersion: telemetry\.istio\.io\/v1alpha1\nkind: Telemetry\n/m,
  );
});

test('manifests fails with a sentence before anything is synthesized', () => {
  const { status, stderr } = run(['dist/tools/mesh.js', 'manifests', '--env', 'prod'], {
    CDKTF_OUTDIR: join(work, 'none'),
  });

  expect(status).toBe(1);
  expect(stderr).toMatch(/holds no stack of 'prod'; run 'npm run synth' first\n$/);
});

describe('bootstrap', () => {
  /** Stands in for Google's command line and writes down what it is asked; `FAIL_ON` names what it refuses. */
  const STUB = `#!/bin/sh
echo "$@" >> "$ASKED"
if echo "$*" | grep -qE "$FAIL_ON"; then echo "$SAYING" >&2; exit 1; fi
`;

  function bootstrap(failOn: string, saying = 'no permission', config = 'mesh-config') {
    const folder = mkdtempSync(join(work, 'gcloud-'));
    writeFileSync(join(folder, 'gcloud'), STUB, { mode: 0o755 });
    const requested = join(folder, 'asked');
    const result = run(['dist/tools/mesh.js', 'bootstrap', '--env', 'prod'], {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      ASKED: requested,
      FAIL_ON: failOn,
      SAYING: saying,
      MESH_CONFIG: config,
    });
    return { ...result, requested: readFileSync(requested, 'utf8').trim().split('\n') };
  }

  test('switches the APIs on, then creates every service agent that a grant names', () => {
    const { status, requested } = bootstrap('nothing');

    expect(status).toBe(0);
    expect(requested[0]).toMatch(/^services enable alloydb\.googleapis\.com .* --project=shop-prod-example$/);
    expect(requested.filter((line) => line.startsWith('beta services identity create'))).toEqual(
      Object.values(SERVICE_AGENTS).map(
        ({ api }) =>
          `beta services identity create --service=${api}.googleapis.com --project=shop-prod-example`,
      ),
    );
  });

  test('fails with a sentence on the first command that fails, and stops there', () => {
    const { status, stderr, requested } = bootstrap('identity create --service=alloydb');

    expect(status).toBe(1);
    expect(stderr).toContain(
      'put right what it says above, then run this again: it repeats nothing that is done',
    );
    expect(requested.filter((line) => line.includes('identity'))).toHaveLength(1);
  });

  test('goes on past whatever an earlier run has made', () => {
    const made = '(keyrings|keys|buckets|service-accounts|roles) create';
    const { status, stdout, requested } = bootstrap(made, 'ERROR: ALREADY_EXISTS: it already exists');

    expect(status).toBe(0);
    expect(stdout.match(/is there already/g)).toHaveLength(6);
    expect(requested.at(-1)).toContain('buckets add-iam-policy-binding');
  });

  test('stops at a bucket that somebody else has', () => {
    const { status, stderr } = bootstrap(
      'storage buckets create',
      'HTTPError 409: the name is not available',
    );

    expect(status).toBe(1);
    expect(stderr).toContain('the name is not available');
  });

  test('lets workflows of the named repository log in, to apply from the protected environment alone', () => {
    const folder = join(work, 'with-repository');
    cpSync('mesh-config', folder, { recursive: true });
    appendFileSync(join(folder, 'mesh.yaml'), '\nrepository: shop/mesh\n');
    const { requested, stderr } = bootstrap('nothing', '', folder);
    const logins = requested.filter((line) => line.includes('workloadIdentityUser'));
    const pool = 'iam.googleapis.com/projects/100000000003/locations/global/workloadIdentityPools/github';

    expect(logins.map((line) => line.replace(/.*add-iam-policy-binding (\S+)@.*--member=/, '$1 '))).toEqual([
      `mesh-plan principalSet://${pool}/attribute.repository/shop/mesh`,
      `mesh-apply principalSet://${pool}/attribute.deployment/repo:shop/mesh:environment:prod:refs/heads/main`,
    ]);
    expect(requested.filter((line) => line.includes("assertion.repository == 'shop/mesh'"))).toHaveLength(2);
    expect(stderr).toContain(
      "in shop/mesh, make the environment 'prod' and name who must approve, for the main branch alone",
    );
    expect(stderr).toContain('in shop/mesh, protect main as docs/pipelines.md says');
  });

  test('fails with a sentence without gcloud, and needs none to print', () => {
    const args = ['dist/tools/mesh.js', 'bootstrap', '--env', 'prod'];
    const without = run(args, { PATH: 'nowhere' });

    expect([without.status, without.stderr]).toEqual([
      1,
      "'gcloud' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run\n",
    ]);
    expect(run([...args, '--dry-run'], { PATH: 'nowhere' }).status).toBe(0);
  });
});

test('the README adds a service by one file, and every environment still validates', () => {
  const folder = join(work, 'grown');
  cpSync('mesh-config', folder, { recursive: true });
  const example = /```yaml\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  writeFileSync(join(folder, 'services/wishlist.yaml'), example.replace(/^ {3}/gm, ''));

  expect(run(['dist/tools/mesh.js', 'validate'], { MESH_CONFIG: folder })).toEqual({
    status: 0,
    stdout:
      '3 environments, 9 services, 1 third party: no faults\nprod: no release yet of wishlist\nstaging: no release yet of wishlist\n',
    stderr: '',
  });
  const outdir = join(work, 'grown-out');
  expect(run(['dist/main.js'], { MESH_CONFIG: folder, CDKTF_OUTDIR: outdir }).status).toBe(0);
  const dev = readFileSync(join(outdir, 'stacks/dev-mesh-policies/cdk.tf.json'), 'utf8');
  expect(dev).toContain('"wishlist_v1_deployment"');
});

/** After what the first test has synthesized. */
describe('a runbook', () => {
  const NEEDS_NO_CLOUD = /^npx mesh validate|^npx mesh bootstrap .*--dry-run|^npm run waves/;
  const PROGRAMS: readonly [RegExp, string][] = [
    [/^npx mesh /, 'dist/tools/mesh.js '],
    [/^npm run waves -- /, 'dist/tools/pipeline/main.js waves '],
  ];
  const lines = readdirSync('docs/runbooks').flatMap((name) =>
    [...readFileSync(join('docs/runbooks', name), 'utf8').matchAll(/^ *(np[mx] .*)$/gm)]
      .flatMap(([, line = '']) => line.split(' && '))
      .filter((command) => NEEDS_NO_CLOUD.test(command))
      .map((command) => [name, command] as const),
  );

  test('has commands that need no cloud', () => {
    expect(new Set(lines.map(([, command]) => command.split(' ').slice(0, 3).join(' ')))).toEqual(
      new Set(['npx mesh validate', 'npx mesh bootstrap', 'npm run waves']),
    );
  });

  test.each(lines)('%s: %s does what it is there for', (_, command) => {
    const [before, program] = PROGRAMS.find(([start]) => start.test(command))!;
    const { status, stdout, stderr } = run(command.replace(before, program).trim().split(' '));

    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/error/i)]);
    if (command.includes('waves'))
      expect(JSON.parse(stdout)).toEqual([
        ['prod-network'],
        ['prod-cluster-and-asm'],
        ['prod-data', 'prod-observability'],
        ['prod-mesh-policies'],
      ]);
    if (command.includes('--dry-run')) expect(stdout).toContain('gcloud storage buckets create');
  });
});
