import { spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceFiles } from '../support/catalogue-fixture';
import { buildCommand } from '../support/git-shop';

const SYNTH = resolve('dist/main.js');
const MESH = resolve('dist/tools/mesh.js');
const PIPELINE = resolve('dist/tools/pipeline/main.js');
/** Root ignores permissions. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

jest.setTimeout(60_000);

let work: string;
let config: string;

beforeAll(() => {
  buildCommand();
  work = mkdtempSync(join(tmpdir(), 'machine-'));
  chmodSync(work, 0o777);
  config = join(work, 'config');
  writeCatalogue(config);
}, 60_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

function writeCatalogue(folder: string): void {
  for (const { file, text } of sourceFiles()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function start(args: readonly string[], env: NodeJS.ProcessEnv, options: SpawnSyncOptions = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    ...options,
    env: { ...process.env, MESH_CONFIG: config, ...env },
  });
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

/** Runs the program in a mount namespace of its own, with a disk of the size at the folder. */
function startOnSmallDisk(folder: string, kibibytes: number, args: readonly string[]) {
  const script = `mount -t tmpfs -o size=${kibibytes}k none "$0" && "$@"; status=$?; ls -A "$0" >&2; exit $status`;
  const { status, stderr } = spawnSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-c', script, folder, process.execPath, ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, MESH_CONFIG: config, CDKTF_OUTDIR: join(folder, 'out') },
    },
  );
  return { status, stderr };
}

function folderOf(name: string, mode = 0o777): string {
  const folder = join(work, name);
  mkdirSync(folder);
  chmodSync(folder, mode);
  return folder;
}

/** One sentence and exit code 1. */
function expectSentence({ status, stderr }: { status: number | null; stderr: string }, sentence: string) {
  expect(stderr).toBe(`${sentence}\n`);
  expect(status).toBe(1);
}

describe('synth prints one sentence', () => {
  test('if the output path is a file', () => {
    const file = join(work, 'a-file');
    writeFileSync(file, '');

    expectSentence(
      start([SYNTH], { CDKTF_OUTDIR: file }),
      `'${file}' is a file; remove it, or set CDKTF_OUTDIR to a folder`,
    );
    expectSentence(
      start([SYNTH], { CDKTF_OUTDIR: join(file, 'out') }),
      `a folder in the path of '${join(file, '.synth-XXXXXX')}' is a file; remove the file or choose another path`,
    );
  });

  test('if the folder is read-only', () => {
    const folder = folderOf('read-only', 0o555);

    expectSentence(
      start([SYNTH], { CDKTF_OUTDIR: join(folder, 'out') }, UNPRIVILEGED),
      `no permission for '${join(folder, '.synth-XXXXXX')}'; change its owner or permissions, or choose another path`,
    );
  });

  test('if the system creates no such folder', () => {
    expectSentence(
      start([SYNTH], { CDKTF_OUTDIR: '/proc/none/out' }),
      "'/proc/none' does not exist; create it or correct the path",
    );
  });

  test('if the disk is full, and leaves nothing on it', () => {
    expectSentence(
      startOnSmallDisk(folderOf('small-disk'), 64, [SYNTH]),
      'no space is left on the disk for the file; free some space and repeat the command',
    );
  });
});

describe('a command prints one sentence', () => {
  test.each([
    ['mesh', () => start([MESH, 'slo'], {}, { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] })],
    [
      'a pipeline step',
      () =>
        start(
          [PIPELINE, 'login', '--env', 'test', '--account', 'plan'],
          { MESH_CONFIG: withRemoteState() },
          { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] },
        ),
    ],
  ])('if its output cannot be written: %s', (_, run) => {
    expectSentence(
      run(),
      'standard output: no space is left on the disk for the file; free some space and repeat the command',
    );
  });

  test('if the output of synth is damaged', () => {
    const out = folderOf('damaged');
    writeFileSync(join(out, 'manifest.json'), '{');
    const sentence = `'${join(out, 'manifest.json')}' is not valid JSON; run 'npm run synth' again`;

    expectSentence(start([PIPELINE, 'waves', '--env', 'test'], { CDKTF_OUTDIR: out }), sentence);
    expectSentence(start([MESH, 'manifests', '--env', 'test', '--from', out], {}), sentence);
  });

  test('if a stack that synth listed is missing', () => {
    const out = folderOf('incomplete');
    const stacks = { 'test-network': { workingDirectory: 'stacks/test-network', dependencies: [] } };
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ stacks }));

    expectSentence(
      start([PIPELINE, 'plan', '--env', 'test'], { CDKTF_OUTDIR: out }),
      `'${join(out, 'stacks/test-network')}' does not exist; create it or correct the path`,
    );
  });

  test('if the release file cannot be written, which stays as it is', () => {
    const folder = join(work, 'read-only-config');
    writeCatalogue(folder);
    chmodSync(join(folder, 'releases'), 0o555);
    const { status, stderr } = start(
      [MESH, 'canary', 'rollback', 'cart', '--env', 'test'],
      { MESH_CONFIG: folder },
      UNPRIVILEGED,
    );

    expect(stderr).toMatch(/^no permission for '.*test\.yaml\.\d+'; change its owner or permissions/);
    expect(status).toBe(1);
    expect(readdirSync(join(folder, 'releases'))).toEqual(['test.yaml']);
  });

  test('if a catalogue file has no read permission, without follow-on errors', () => {
    const folder = join(work, 'unreadable');
    writeCatalogue(folder);
    const file = join(folder, 'services/cart.yaml');
    chmodSync(file, 0);
    const { status, stdout } = start([MESH, 'validate'], { MESH_CONFIG: folder }, UNPRIVILEGED);

    expect(stdout).toMatch(
      /^\S*services\/cart\.yaml:1:1: cannot be read \(EACCES\); check its permissions\n1 error\n$/,
    );
    expect(status).toBe(1);
  });
});

function withRemoteState(): string {
  const folder = join(work, 'remote-state');
  writeCatalogue(folder);
  const file = sourceFiles().find((source) => source.kind === 'environment');
  writeFileSync(
    join(folder, 'environments/test.yaml'),
    `${file?.text}state: { backend: gcs, bucket: shop-test-state }\n`,
  );
  return folder;
}

describe('an interrupted command', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: synth leaves all stacks or none, and no draft',
    async (name) => {
      const folder = folderOf(`interrupted-${name}`);
      const child = spawn(process.execPath, [SYNTH], {
        env: { ...process.env, MESH_CONFIG: config, CDKTF_OUTDIR: join(folder, 'out') },
        stdio: 'ignore',
      });
      const ended = new Promise<NodeJS.Signals | null>((settle) =>
        child.on('exit', (_, signal) => settle(signal)),
      );
      while (readdirSync(folder).length === 0 && child.exitCode === null) await sleep(2);
      expect(readdirSync(folder)[0]).toMatch(/^\.synth-/);
      child.kill('SIGTERM');

      expect(await ended).toBe('SIGTERM');
      expect(readdirSync(folder)).toEqual(['out']);
      expect(readdirSync(join(folder, 'out/stacks'))).toHaveLength(5);
    },
  );

  test('mesh manifests ends its synthesis and leaves no folder', async () => {
    const folder = folderOf('interrupted-manifests');
    const child = spawn(process.execPath, [MESH, 'manifests', '--env', 'test'], {
      env: { ...process.env, MESH_CONFIG: config, TMPDIR: folder },
      stdio: 'ignore',
    });
    const ended = new Promise<NodeJS.Signals | null>((settle) =>
      child.on('exit', (_, signal) => settle(signal)),
    );
    while (readdirSync(folder).length === 0 && child.exitCode === null) await sleep(2);
    child.kill('SIGTERM');

    expect(await ended).toBe('SIGTERM');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the working directory', () => {
  test('may be a folder below the catalogue', () => {
    const project = folderOf('project');
    writeCatalogue(join(project, 'mesh-config'));
    mkdirSync(join(project, 'docs/decisions'), { recursive: true });
    const { stdout, status } = start(
      [MESH, 'validate'],
      { MESH_CONFIG: undefined },
      { cwd: join(project, 'docs/decisions') },
    );

    expect(stdout).toMatch(/^1 environment, 3 services, 1 third party/m);
    expect(status).toBe(0);
  });

  test('without a catalogue above it is reported with the fix', () => {
    const { stdout } = start([MESH, 'validate'], { MESH_CONFIG: undefined }, { cwd: folderOf('elsewhere') });

    expect(stdout).toContain('run the command inside the repository, or set MESH_CONFIG');
  });
});

test('manifests are those of the catalogue as it is, whatever was synthesized before', () => {
  const catalogue = folderOf('changed');
  writeCatalogue(catalogue);
  const env = { MESH_CONFIG: catalogue, CDKTF_OUTDIR: join(work, 'earlier') };
  expect(start([SYNTH], env).status).toBe(0);
  const stock = sourceFiles().find(({ stem }) => stem === 'stock')?.text ?? '';
  writeFileSync(join(catalogue, 'services/stock.yaml'), stock.replace('timeoutMs: 200', 'timeoutMs: 170'));
  const manifests = (...more: readonly string[]) =>
    start([MESH, 'manifests', '--env', 'test', '--stack', 'mesh-policies', ...more], env).stdout;

  expect(manifests()).toContain('timeout: 170ms');
  expect(manifests('--from', env.CDKTF_OUTDIR)).not.toContain('timeout: 170ms');
});

test('synth prints what it wrote', () => {
  const out = join(work, 'summary');
  const { stdout } = start([SYNTH], { CDKTF_OUTDIR: out });

  expect(stdout).toMatch(
    /^test: 5 stacks, \d{3} resources \(cluster-and-asm \d+, data \d+, mesh-policies \d+, network \d+, observability \d+\)\nwritten to .*summary in \d+\.\d s\n$/,
  );
  expect(existsSync(out)).toBe(true);
});
