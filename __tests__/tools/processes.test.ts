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
import { REFERENCE_SHOP, shop } from '../support/catalogues';

/** Starts the programs as users do, after its own build. */
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

function invalidCatalogue(): string {
  const folder = join(work, 'invalid');
  cpSync(REFERENCE_SHOP, folder, { recursive: true });
  const cart = join(folder, 'services/cart.yaml');
  writeFileSync(cart, readFileSync(cart, 'utf8').replace('tier: critical', 'tier: top'));
  return folder;
}

test('synth writes every stack without Terraform on the PATH', () => {
  const { status, stderr } = run(['dist/main.js'], { PATH: 'nowhere' });

  expect([status, stderr]).toEqual([0, '']);
  expect(readdirSync(join(work, 'out/stacks'))).toHaveLength(shop.environments.length * STACK_NAMES.length);
});

test('synth writes one environment on request', () => {
  const outdir = join(work, 'one');
  expect(run(['dist/main.js', 'dev'], { CDKTF_OUTDIR: outdir }).status).toBe(0);
  expect(readdirSync(join(outdir, 'stacks'))).toEqual(STACK_NAMES.map((name) => `dev-${name}`).sort());

  expect(run(['dist/main.js', 'dve'], { CDKTF_OUTDIR: outdir })).toMatchObject({
    status: 1,
    stderr: "unknown environment 'dve'; use one of dev, prod, staging\n",
  });
});

test('synth fails with one line per error and writes nothing', () => {
  const outdir = join(work, 'nothing');
  const { status, stdout, stderr } = run(['dist/main.js'], {
    MESH_CONFIG: invalidCatalogue(),
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

test('validate prints counts, or the errors', () => {
  expect(run(['dist/tools/mesh.js', 'validate'])).toEqual({
    status: 0,
    stdout: '3 environments, 8 services, 1 third party: no errors\n',
    stderr: '',
  });
  const invalid = run(['dist/tools/mesh.js', 'validate'], { MESH_CONFIG: invalidCatalogue() });
  expect([invalid.status, invalid.stderr]).toEqual([1, '']);
  expect(invalid.stdout).toContain("tier: 'top'");

  const sarif = run(['dist/tools/mesh.js', 'validate', '--format', 'sarif'], {
    MESH_CONFIG: invalidCatalogue(),
  });
  expect(sarif.status).toBe(1);
  expect(JSON.parse(sarif.stdout)).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ level: 'error' }] }],
  });
});

test('show prints callers, calls and SLOs', () => {
  const { status, stdout } = run(['dist/tools/mesh.js', 'show', 'checkout']);

  expect(status).toBe(0);
  expect(stdout).toContain('v2  10 %');
  expect(stdout).toContain('v1 → order-management: GET POST /orders /orders/*');
  expect(stdout).not.toContain('v2 → order-management');
});

test.each([
  [['show', 'cartt'], "unknown service 'cartt'; did you mean 'cart'?\n"],
  [['show', 'cart', '--env', 'prd'], "unknown environment 'prd'; did you mean 'prod'?\n"],
  [['graph', '--format', 'pdf'], "unknown format 'pdf'; use one of dot, html, json, mermaid, svg\n"],
])('%j fails with one sentence', (args, message) => {
  expect(run(['dist/tools/mesh.js', ...args])).toEqual({ status: 1, stdout: '', stderr: message });
});

test.each([
  [['manifests'], 'mesh manifests', '--env <environment>'],
  [['canary', 'status', 'checkout'], 'mesh canary status', '--env <environment>'],
])('%j names a required option and the help that has it', (args, command, option) => {
  const { status, stderr } = run(['dist/tools/mesh.js', ...args]);
  const help = run(['dist/tools/mesh.js', ...command.split(' ').slice(1), '--help']).stdout;

  expect(status).toBe(1);
  expect(stderr).toBe(`error: required option '${option}' not specified\n(see '${command} --help')\n`);
  expect(help).toMatch(new RegExp(`${option} .*\\(required\\)`));
});

test('manifests prints each object with its address', () => {
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

test('manifests of an earlier synth fail with one sentence before it', () => {
  const from = join(work, 'none');
  const { status, stderr } = run(['dist/tools/mesh.js', 'manifests', '--env', 'prod', '--from', from]);

  expect(status).toBe(1);
  expect(stderr).toMatch(/has no stack of 'prod'; run 'npm run synth' first\n$/);
});

describe('bootstrap', () => {
  /** Replaces gcloud and logs its arguments; commands that match `FAIL_ON` fail with `MESSAGE`. */
  const STUB = `#!/bin/sh
echo "$@" >> "$CALLS"
if echo "$*" | grep -qE "$FAIL_ON"; then echo "$MESSAGE" >&2; exit 1; fi
if echo "$*" | grep -q "json(quotas)"; then echo "$QUOTAS"; fi
`;

  function bootstrap(failOn: string, message = 'no permission', config = REFERENCE_SHOP, limits = '') {
    const folder = mkdtempSync(join(work, 'gcloud-'));
    writeFileSync(join(folder, 'gcloud'), STUB, { mode: 0o755 });
    const log = join(folder, 'calls');
    const result = run(['dist/tools/mesh.js', 'bootstrap', '--env', 'prod'], {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      CALLS: log,
      FAIL_ON: failOn,
      MESSAGE: message,
      QUOTAS: limits,
      MESH_CONFIG: config,
    });
    return { ...result, calls: readFileSync(log, 'utf8').trim().split('\n') };
  }

  test('enables the APIs, then creates every service agent that a grant needs', () => {
    const { status, calls } = bootstrap('nothing');

    expect(status).toBe(0);
    expect(calls[0]).toMatch(/^services enable alloydb\.googleapis\.com .* --project=shop-prod-example$/);
    expect(calls.filter((line) => line.startsWith('beta services identity create'))).toEqual(
      Object.values(SERVICE_AGENTS).map(
        ({ api }) =>
          `beta services identity create --service=${api}.googleapis.com --project=shop-prod-example`,
      ),
    );
  });

  test('stops at the first command that fails, with one sentence', () => {
    const { status, stderr, calls } = bootstrap('identity create --service=alloydb');

    expect(status).toBe(1);
    expect(stderr).toContain(
      'fix the error above, then run bootstrap again: completed steps are not repeated',
    );
    expect(calls.filter((line) => line.includes('identity'))).toHaveLength(1);
  });

  test('continues past objects of an earlier run', () => {
    const creations = '(keyrings|keys|buckets|service-accounts|roles) create';
    const { status, stdout, calls } = bootstrap(creations, 'ERROR: ALREADY_EXISTS: it already exists');

    expect(status).toBe(0);
    expect(stdout.match(/already exists$/gm)).toHaveLength(7);
    expect(calls.some((line) => line.includes('buckets add-iam-policy-binding'))).toBe(true);
  });

  test('stops at a bucket name that another project uses', () => {
    const { status, stderr } = bootstrap(
      'storage buckets create',
      'HTTPError 409: the name is not available',
    );

    expect(status).toBe(1);
    expect(stderr).toContain('the name is not available');
  });

  const quotas = (n2: number) =>
    JSON.stringify({
      quotas: [
        { metric: 'N2_CPUS', limit: n2, usage: 0 },
        { metric: 'CPUS', limit: 24, usage: 0 },
        { metric: 'CPUS_ALL_REGIONS', limit: 500, usage: 0 },
        { metric: 'SSD_TOTAL_GB', limit: 4096, usage: 0 },
        { metric: 'INSTANCES', limit: 720, usage: 0 },
        { metric: 'IN_USE_ADDRESSES', limit: 8, usage: 0 },
        { metric: 'STATIC_ADDRESSES', limit: 8, usage: 0 },
        { metric: 'NETWORKS', limit: 5, usage: 0 },
        { metric: 'SECURITY_POLICIES', limit: 10, usage: 0 },
      ],
    });

  test.each([
    [248, 0, ''],
    [
      247,
      0,
      'warning: quota N2_CPUS in europe-west1 is 247, enough at rest (48 vCPUs), but not for the peak of 248; request a higher quota at https://console.cloud.google.com/iam-admin/quotas?project=shop-prod-example\n',
    ],
    [
      24,
      1,
      'error: quota N2_CPUS in europe-west1 is 24, but the environment needs 48 vCPUs at rest and 248 at the peak; request a higher quota at https://console.cloud.google.com/iam-admin/quotas?project=shop-prod-example\n',
    ],
  ])('compares a quota of %d vCPUs with the demand', (limit, expected, message) => {
    const { status, stdout, stderr, calls } = bootstrap('nothing', '', REFERENCE_SHOP, quotas(limit));

    expect(status).toBe(expected);
    expect(stderr.replace(/^(?!(error|warning): ).*\n/gm, '')).toBe(message);
    expect(stdout).toContain('# quota N2_CPUS in europe-west1: 48 vCPUs at rest, 248 at the peak\n');
    expect(calls.slice(-2)).toEqual([
      'compute regions describe europe-west1 --project=shop-prod-example --format=json(quotas)',
      'compute project-info describe --project=shop-prod-example --format=json(quotas)',
    ]);
  });

  test('reports quotas that it cannot read, and goes on', () => {
    const { status, stderr } = bootstrap('compute regions describe');

    expect(status).toBe(0);
    expect(stderr).toContain('warning: the quotas of shop-prod-example cannot be read');
  });

  test('prints the demand with --dry-run, without gcloud', () => {
    const { status, stdout } = run(['dist/tools/mesh.js', 'bootstrap', '--env', 'dev', '--dry-run'], {
      PATH: 'nowhere',
      MESH_CONFIG: REFERENCE_SHOP,
    });

    expect(status).toBe(0);
    expect(stdout).toContain('# quota PREEMPTIBLE_CPUS in europe-west1: 4 vCPUs at rest, 20 at the peak\n');
    expect(stdout).toContain('# quota SSD_TOTAL_GB in europe-west1: 100 GB at rest, 500 at the peak\n');
  });

  test('lets only workflows of the repository log in, and apply only from the protected environment', () => {
    const folder = join(work, 'with-repository');
    cpSync(REFERENCE_SHOP, folder, { recursive: true });
    appendFileSync(join(folder, 'mesh.yaml'), '\nrepository: shop/mesh\n');
    const { calls, stderr } = bootstrap('nothing', '', folder);
    const logins = calls.filter((line) => line.includes('workloadIdentityUser'));
    const pool = 'iam.googleapis.com/projects/100000000003/locations/global/workloadIdentityPools/github';

    expect(logins.map((line) => line.replace(/.*add-iam-policy-binding (\S+)@.*--member=/, '$1 '))).toEqual([
      `mesh-plan principalSet://${pool}/attribute.repository/shop/mesh`,
      `mesh-apply principalSet://${pool}/attribute.deployment/repo:shop/mesh:environment:prod:refs/heads/main`,
      'mesh-release principalSet://iam.googleapis.com/projects/100000000003/locations/global/workloadIdentityPools/github/attribute.workflow/shop/mesh/.github/workflows/release.yml@refs/heads/main',
    ]);
    expect(calls.filter((line) => line.includes("assertion.repository == 'shop/mesh'"))).toHaveLength(2);
    expect(stderr).toContain(
      "in shop/mesh, create the environment 'prod' with required reviewers, restricted to the main branch",
    );
    expect(stderr).toContain('in shop/mesh, protect the main branch (docs/pipelines.md)');
  });

  test('fails with one sentence without gcloud, which --dry-run does not need', () => {
    const args = ['dist/tools/mesh.js', 'bootstrap', '--env', 'prod'];
    const without = run(args, { PATH: 'nowhere' });

    expect([without.status, without.stderr]).toEqual([
      1,
      "'gcloud' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run\n",
    ]);
    expect(run([...args, '--dry-run'], { PATH: 'nowhere' }).status).toBe(0);
  });
});

test('the service of the README is one file, and every environment stays valid', () => {
  const folder = join(work, 'grown');
  cpSync(REFERENCE_SHOP, folder, { recursive: true });
  const example = /```yaml\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  writeFileSync(join(folder, 'services/wishlist.yaml'), example.replace(/^ {3}/gm, ''));

  expect(run(['dist/tools/mesh.js', 'validate'], { MESH_CONFIG: folder })).toEqual({
    status: 0,
    stdout:
      '3 environments, 9 services, 1 third party: no errors\nprod: not released yet: wishlist\nstaging: not released yet: wishlist\n',
    stderr: '',
  });
  const outdir = join(work, 'grown-out');
  expect(run(['dist/main.js'], { MESH_CONFIG: folder, CDKTF_OUTDIR: outdir }).status).toBe(0);
  const dev = readFileSync(join(outdir, 'stacks/dev-mesh-policies/cdk.tf.json'), 'utf8');
  expect(dev).toContain('"wishlist_v1_deployment"');
});

/** Needs the output of the first test. */
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

  test('has commands that need no cloud access', () => {
    expect(new Set(lines.map(([, command]) => command.split(' ').slice(0, 3).join(' ')))).toEqual(
      new Set(['npx mesh validate', 'npx mesh bootstrap', 'npm run waves']),
    );
  });

  test.each(lines)('%s: %s succeeds', (_, command) => {
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
