/** Synthesizes a commit and the working tree side by side. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { SynthesizedJson } from '../../model/review/synthesized';
import { UsageError } from '../usage-error';
import { checkOut, commitOf } from './git-tree';

/** JSON by stack. */
export type Synthesis = ReadonlyMap<string, SynthesizedJson>;

/** Which program turned the commit's catalogue into stacks. */
export type SourceUsed = 'its own source' | "today's source";

export interface Comparison {
  readonly commit: string;
  readonly source: SourceUsed;
  readonly before: Synthesis;
  readonly after: Synthesis;
}

export interface CompareOptions {
  readonly ref: string;
  /** Folder of the repository, compiled. */
  readonly root: string;
  /** Folder of the catalogue. */
  readonly config: string;
  /** Leaves the commit's own source alone: faster, and blind to changes of constructs. */
  readonly todaysSource: boolean;
}

/**
 * @throws UsageError if there is no such commit, or its catalogue cannot be synthesized
 */
export function compareSyntheses({ ref, root, config, todaysSource }: CompareOptions): Comparison {
  const commit = commitOf(ref, root);
  const configInside = relative(root, resolve(config));
  if (configInside.startsWith('..'))
    throw new UsageError(`'${config}' lies outside the repository, so '${ref}' has none; unset MESH_CONFIG`);
  const folder = mkdtempSync(join(tmpdir(), 'diff-'));
  try {
    const then = join(folder, 'then');
    checkOut(commit, root, then);
    const oldConfig = join(then, configInside);
    if (!existsSync(oldConfig)) throw new UsageError(`'${ref}' has no catalogue at '${configInside}'`);
    const own = todaysSource ? undefined : byOwnSource(root, then, oldConfig, join(folder, 'own'));
    const before = own ?? synthesis(root, oldConfig, join(folder, 'before'));
    if (typeof before === 'string')
      throw new UsageError(`the catalogue of '${ref}' cannot be synthesized any more:\n${before}`);
    const after = synthesis(root, resolve(config), join(folder, 'after'));
    if (typeof after === 'string') throw new UsageError(after);
    return { commit, source: own === undefined ? "today's source" : 'its own source', before, after };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing if it does not build on the packages that are installed. */
function byOwnSource(root: string, then: string, config: string, output: string): Synthesis | undefined {
  symlinkSync(join(root, 'node_modules'), join(then, 'node_modules'));
  // The compiler goes on from what is compiled, and compiles what differs.
  if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(then, 'dist'), { recursive: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const build = spawnSync(process.execPath, [compiler, '-b'], { cwd: then, stdio: 'ignore' });
  if (build.status !== 0) return undefined;
  const found = synthesis(then, config, output);
  return typeof found === 'string' ? undefined : found;
}

/** What the program of the folder makes of the catalogue; its own words if it makes nothing. */
function synthesis(program: string, config: string, output: string): Synthesis | string {
  const { status, stderr } = spawnSync(process.execPath, [join(program, 'dist/main.js')], {
    cwd: program,
    encoding: 'utf8',
    env: { ...process.env, MESH_CONFIG: relative(program, config), CDKTF_OUTDIR: output },
  });
  if (status !== 0) return stderr.trim();
  const stacks = join(output, 'stacks');
  return new Map(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')) as SynthesizedJson,
    ]),
  );
}
