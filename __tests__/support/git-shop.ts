/** A git repository with a fixture catalogue, and the compiled `mesh` command in it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sourceFiles } from './catalogue-fixture';

const PROGRAM = resolve('dist/tools/mesh.js');

/** Compiles the command once for the tests of a file. */
export function buildCommand(): void {
  const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stdout);
}

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class GitShop {
  readonly folder = mkdtempSync(join(tmpdir(), 'git-shop-'));

  /** @param changes of the fixture catalogue, in the first commit of branch `main`; none for a clone */
  constructor(changes?: Readonly<Record<string, string | null>>, date = '2026-01-10T08:00:00Z') {
    if (changes === undefined) return;
    this.git('init', '--quiet', '--initial-branch=main');
    this.write(Object.fromEntries(sourceFiles(changes).map(({ file, text }) => [file, text])));
    this.commit('Add the shop', date);
  }

  /** Files by path in `mesh-config/`. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = this.path(path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  path(path: string): string {
    return join(this.folder, 'mesh-config', path);
  }

  /** @param date of author and committer */
  commit(message: string, date: string): void {
    this.git('add', '--all');
    this.run(['commit', '--quiet', `--message=${message}`, `--date=${date}`], { GIT_COMMITTER_DATE: date });
  }

  merge(branch: string, date: string): void {
    this.run(['merge', '--quiet', '--no-ff', '--message=Merge', branch], { GIT_COMMITTER_DATE: date });
  }

  clone(...options: readonly string[]): GitShop {
    const clone = new GitShop();
    clone.git('clone', '--quiet', ...options, `file://${this.folder}`, '.');
    return clone;
  }

  git(...args: readonly string[]): string {
    return this.run(args);
  }

  private run(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const result = spawnSync('git', args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Release',
        GIT_AUTHOR_EMAIL: 'release@shop.example',
        GIT_COMMITTER_NAME: 'Release',
        GIT_COMMITTER_EMAIL: 'release@shop.example',
        ...env,
      },
    });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  }

  /** Runs the compiled command in the repository. */
  mesh(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, MESH_CONFIG: 'mesh-config', ...env },
    });
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
