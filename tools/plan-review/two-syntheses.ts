/** Synthesizes a commit and the working tree side by side. */
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { ReleaseTransitionViolation } from '../../model/release/service-releases';
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import { readMeshConfig } from '../../model/source/read-folder';
import { UsageError } from '../command-line';
import { run } from '../process';
import { synthesisIn, synthesizeInto, type Synthesis } from '../synthesis';
import { withFolder } from '../with-folder';
import { BaseCache, type BaseKey } from './base-cache';
import { checkOut, commitOf } from './git-tree';

/** The program that synthesized the commit's catalogue. */
export type SourceUsed = typeof OWN_SOURCE | "today's source";

const OWN_SOURCE = 'its own source' as const;

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
  /** Stops the child processes. */
  readonly signal: AbortSignal;
  /** Called with the step that begins, for progress. */
  readonly onStep: (step: string) => void;
}

/**
 * The two syntheses run in parallel.
 *
 * @throws UsageError if the commit does not exist, or its catalogue cannot be synthesized
 */
export async function compareSyntheses(options: CompareOptions): Promise<SynthesisComparison> {
  const { ref, config, signal, onStep } = options;
  const root = resolve(options.root);
  const commit = commitOf(ref, root);
  const configInside = relative(root, resolve(config));
  if (configInside.startsWith('..'))
    throw new UsageError(
      `'${config}' is outside of the repository and not part of '${ref}'; unset MESH_CONFIG`,
    );
  return withFolder('diff-', async (folder) => {
    onStep(`reading ${ref}`);
    const oldTree = join(folder, 'old');
    checkOut(commit, root, oldTree);
    const oldConfig = join(oldTree, configInside);
    if (!existsSync(oldConfig))
      throw new UsageError(`'${ref}' has no catalogue at '${configInside}'; choose a later commit`);
    const key = { commit, config: configInside, root };
    const cached = options.todaysSource ? undefined : new BaseCache().find(key);
    onStep(
      cached === undefined
        ? `compiling and synthesizing ${ref}, synthesizing the working tree`
        : 'synthesizing the working tree',
    );
    const [old, error] = await Promise.all([
      cached === undefined
        ? synthesisOfCommit(oldTree, oldConfig, folder, key, options)
        : ({ before: synthesisIn(cached), source: OWN_SOURCE } satisfies OldSynthesis),
      synthesizeInto(join(folder, 'after'), root, config, signal),
    ]);
    if ('error' in old)
      throw new UsageError(`the catalogue of '${ref}' can no longer be synthesized:\n${old.error}`);
    if (error !== undefined) throw new UsageError(error);
    onStep('comparing');
    return {
      commit,
      ...old,
      after: synthesisIn(join(folder, 'after')),
      releaseTransitions: releaseTransitionViolations(
        readMeshConfig(oldConfig),
        readMeshConfig(config),
        new Date(),
      ),
    };
  });
}

type OldSynthesis = Pick<SynthesisComparison, 'before' | 'source'>;

async function synthesisOfCommit(
  tree: string,
  config: string,
  folder: string,
  key: BaseKey,
  { todaysSource, signal }: CompareOptions,
): Promise<OldSynthesis | { readonly error: string }> {
  const { root } = key;
  const own = join(folder, 'own');
  if (!todaysSource && (await isSynthesizedByOwnSource(root, tree, config, own, signal)))
    return { before: synthesisIn(new BaseCache().keep(key, own)), source: OWN_SOURCE };
  const before = join(folder, 'before');
  const error = await synthesizeInto(before, root, config, signal);
  return error === undefined ? { before: synthesisIn(before), source: "today's source" } : { error };
}

/** False if the commit does not build with the installed packages. */
async function isSynthesizedByOwnSource(
  root: string,
  tree: string,
  config: string,
  output: string,
  cancelSignal: AbortSignal,
): Promise<boolean> {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  // Incremental: the compiler reuses the current build, by the hashes of the sources. `tsc -b` would trust their times, by
  // which the copied build is newer than the commit's files.
  if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(tree, 'dist'), { recursive: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const build = await run(process.execPath, [compiler, '-p', tree], { cwd: tree, cancelSignal });
  return !build.failed && (await synthesizeInto(output, tree, config, cancelSignal)) === undefined;
}
