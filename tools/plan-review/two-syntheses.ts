/** Synthesizes a commit and the working tree side by side. */
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
  releaseTransitionViolations,
  type ReleaseTransitionViolation,
} from '../../model/release/transition-violations';
import type { SynthesizedJson } from '../../model/review/synthesized';
import { readMeshConfig } from '../../model/source/read-folder';
import { UsageError } from '../command-line';
import { runSync } from '../process';
import { withFolder } from '../with-folder';
import { checkOut, commitOf } from './git-tree';

/** JSON by stack. */
export type Synthesis = ReadonlyMap<string, SynthesizedJson>;

/** The program that synthesized the commit's catalogue. */
export type SourceUsed = 'its own source' | "today's source";

export interface SynthesisComparison {
  readonly commit: string;
  readonly source: SourceUsed;
  readonly before: Synthesis;
  readonly after: Synthesis;
  readonly releaseTransitions: readonly ReleaseTransitionViolation[];
}

export interface CompareOptions {
  readonly ref: string;
  /** Folder of the compiled repository. */
  readonly root: string;
  /** Folder of the catalogue. */
  readonly config: string;
  /** Synthesizes the commit's catalogue with today's source: faster, but ignores changed constructs. */
  readonly todaysSource: boolean;
}

/**
 * @throws UsageError if the commit does not exist, or its catalogue cannot be synthesized
 */
export function compareSyntheses({ ref, root, config, todaysSource }: CompareOptions): SynthesisComparison {
  const commit = commitOf(ref, root);
  const configInside = relative(root, resolve(config));
  if (configInside.startsWith('..'))
    throw new UsageError(
      `'${config}' is outside of the repository and not part of '${ref}'; unset MESH_CONFIG`,
    );
  return withFolder('diff-', (folder) => {
    const oldTree = join(folder, 'old');
    checkOut(commit, root, oldTree);
    const oldConfig = join(oldTree, configInside);
    if (!existsSync(oldConfig))
      throw new UsageError(`'${ref}' has no catalogue at '${configInside}'; choose a later commit`);
    const own = todaysSource ? undefined : byOwnSource(root, oldTree, oldConfig, join(folder, 'own'));
    const before = own ?? synthesis(root, oldConfig, join(folder, 'before'));
    if (typeof before === 'string')
      throw new UsageError(`the catalogue of '${ref}' can no longer be synthesized:\n${before}`);
    const after = synthesis(root, resolve(config), join(folder, 'after'));
    if (typeof after === 'string') throw new UsageError(after);
    return {
      commit,
      source: own === undefined ? "today's source" : 'its own source',
      before,
      after,
      releaseTransitions: releaseTransitionViolations(
        readMeshConfig(oldConfig),
        readMeshConfig(config),
        new Date(),
      ),
    };
  });
}

/** `undefined` if the commit does not build with the installed packages. */
function byOwnSource(root: string, oldTree: string, config: string, output: string): Synthesis | undefined {
  symlinkSync(join(root, 'node_modules'), join(oldTree, 'node_modules'));
  // Incremental: the compiler reuses the current build.
  if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(oldTree, 'dist'), { recursive: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const build = runSync(process.execPath, [compiler, '-b'], { cwd: oldTree });
  if (build.failed) return undefined;
  const found = synthesis(oldTree, config, output);
  return typeof found === 'string' ? undefined : found;
}

/** Runs the program of the folder. Returns its error output if it fails. */
function synthesis(program: string, config: string, output: string): Synthesis | string {
  const { failed, stderr } = runSync(process.execPath, [join(program, 'dist/main.js')], {
    cwd: program,
    env: { ...process.env, MESH_CONFIG: relative(program, config), CDKTF_OUTDIR: output },
  });
  if (failed) return stderr.trim();
  const stacks = join(output, 'stacks');
  return new Map(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')) as SynthesizedJson,
    ]),
  );
}
