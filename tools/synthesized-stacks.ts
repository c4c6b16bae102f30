/** The stacks that synth wrote for an environment, and the order in which they may be applied. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_NAMES, stackId } from '../model/naming';
import { choices } from '../model/source/suggest';
import { UsageError } from './usage-error';

export interface SynthesizedStack {
  readonly id: string;
  /** `network`; of a shard the stack that it is a part of. */
  readonly kind: string;
  /** Absolute or relative to the working directory; holds `cdk.tf.json`. */
  readonly folder: string;
  readonly dependencies: readonly string[];
}

/** cdktf's list of what the last synth wrote; folders of earlier ones may still lie beside it. */
interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly workingDirectory: string; readonly dependencies: readonly string[] }>
  >;
}

/**
 * Stacks of the environment, or those named (`network` or `prod-network`), each after what it depends on.
 *
 * @throws UsageError if nothing has been synthesized, or a name is no stack
 */
export function selectStacks(
  outputFolder: string,
  environment: string,
  names: readonly string[],
): SynthesizedStack[] {
  const all = stacksOf(outputFolder, environment);
  const short = all.map(({ id }) => id.slice(environment.length + 1));
  const unknown = names.find((name) => !short.includes(name) && !all.some(({ id }) => id === name));
  if (unknown !== undefined)
    throw new UsageError(`'${unknown}' is no stack of '${environment}'; ${choices(unknown, short)}`);
  return wavesOf(all)
    .flat()
    .filter(
      ({ id }) =>
        names.length === 0 || names.includes(id) || names.includes(id.slice(environment.length + 1)),
    );
}

/**
 * Stacks of the environment that belong to one wave.
 *
 * @param number counted from 1
 */
export function stacksOfWave(outputFolder: string, environment: string, number: number): SynthesizedStack[] {
  const waves = wavesOf(stacksOf(outputFolder, environment));
  const wave = waves[number - 1];
  if (!wave) throw new UsageError(`'${environment}' has waves 1 to ${waves.length}, and no ${number}`);
  return wave;
}

/** Stacks of one wave need nothing of each other: they may be planned together and applied side by side. */
export function wavesOf(stacks: readonly SynthesizedStack[]): SynthesizedStack[][] {
  const waves: SynthesizedStack[][] = [];
  let left = [...stacks];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const wave = left.filter(({ dependencies }) => !dependencies.some((id) => waiting.has(id)));
    if (wave.length === 0) throw new UsageError('the stacks depend on each other in a circle');
    waves.push(wave);
    left = left.filter((stack) => !wave.includes(stack));
  }
  return waves;
}

/** Ids of whatever the last synth wrote, of every environment. */
export function stackIds(outputFolder: string): string[] {
  return Object.keys(manifestOf(outputFolder));
}

function manifestOf(outputFolder: string): Manifest['stacks'] {
  const list = join(outputFolder, 'manifest.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Manifest).stacks : {};
}

function stacksOf(outputFolder: string, environment: string): SynthesizedStack[] {
  const found = Object.entries(manifestOf(outputFolder)).flatMap(
    ([id, { workingDirectory, dependencies }]) => {
      const kind = kindOf(environment, id);
      if (kind === undefined) return [];
      // Of a folder elsewhere, nobody would look at what is run.
      if (!/^[a-z0-9-]+$/.test(id) || workingDirectory !== `stacks/${id}`)
        throw new UsageError(
          `'${join(outputFolder, 'manifest.json')}' puts '${id}' at '${workingDirectory}' instead of 'stacks/${id}'`,
        );
      return [{ id, kind, folder: join(outputFolder, workingDirectory), dependencies }];
    },
  );
  if (found.length === 0)
    throw new UsageError(`'${outputFolder}' holds no stack of '${environment}'; run 'npm run synth' first`);
  return found;
}

/** Whether the stack is one of the environment. */
export function isStackOf(environment: string, id: string): boolean {
  return kindOf(environment, id) !== undefined;
}

/** Names of environments may hold hyphens too, so `dev-` alone could also begin a stack of `dev-eu`. */
function kindOf(environment: string, id: string): string | undefined {
  return STACK_NAMES.find((name) => {
    const own = stackId(environment, name);
    return id === own || id.startsWith(`${own}-`);
  });
}
