/** The stacks that synth wrote for an environment, and the order in which they are applied. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_NAMES, stackId } from '../model/naming';
import { choices } from '../model/source/suggest';
import { UsageError } from './command-line';
import { readJsonFile } from './json-file';

export interface SynthesizedStack {
  readonly id: string;
  /** `network`; for a shard, the stack that it is part of. */
  readonly kind: string;
  /** Absolute or relative to the working directory; holds `cdk.tf.json`. */
  readonly folder: string;
  readonly dependencies: readonly string[];
}

/** cdktf's list of the last synth's stacks; folders of earlier ones may still exist. */
interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly workingDirectory: string; readonly dependencies: readonly string[] }>
  >;
}

/**
 * Stacks of the environment, or those named (`network` or `prod-network`), each after its dependencies.
 *
 * @throws UsageError if nothing has been synthesized, or a name is unknown
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
    throw new UsageError(`unknown stack '${unknown}' of '${environment}'; ${choices(unknown, short)}`);
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
  if (!wave)
    throw new UsageError(`wave ${number} does not exist; '${environment}' has waves 1 to ${waves.length}`);
  return wave;
}

/** Stacks of one wave do not depend on each other: they can be planned and applied in parallel. */
export function wavesOf(stacks: readonly SynthesizedStack[]): SynthesizedStack[][] {
  const waves: SynthesizedStack[][] = [];
  let left = [...stacks];
  while (left.length > 0) {
    const remaining = new Set(left.map(({ id }) => id));
    const wave = left.filter(({ dependencies }) => !dependencies.some((id) => remaining.has(id)));
    if (wave.length === 0) throw new UsageError('the stacks have circular dependencies');
    waves.push(wave);
    left = left.filter((stack) => !wave.includes(stack));
  }
  return waves;
}

/** Ids of the last synth's stacks in all environments. */
export function stackIds(outputFolder: string): string[] {
  return Object.keys(manifestOf(outputFolder));
}

function manifestOf(outputFolder: string): Manifest['stacks'] {
  const list = join(outputFolder, 'manifest.json');
  return existsSync(list) ? readJsonFile<Manifest>(list).stacks : {};
}

function stacksOf(outputFolder: string, environment: string): SynthesizedStack[] {
  const found = Object.entries(manifestOf(outputFolder)).flatMap(
    ([id, { workingDirectory, dependencies }]) => {
      const kind = kindOf(environment, id);
      if (kind === undefined) return [];
      // A folder elsewhere would not be checked by `rejectUntrusted`.
      if (!/^[a-z0-9-]+$/.test(id) || workingDirectory !== `stacks/${id}`)
        throw new UsageError(
          `'${join(outputFolder, 'manifest.json')}' has '${id}' at '${workingDirectory}' instead of 'stacks/${id}'; run 'npm run synth' again`,
        );
      return [{ id, kind, folder: join(outputFolder, workingDirectory), dependencies }];
    },
  );
  if (found.length === 0)
    throw new UsageError(`'${outputFolder}' has no stack of '${environment}'; run 'npm run synth' first`);
  return found;
}

export function isStackOf(environment: string, id: string): boolean {
  return kindOf(environment, id) !== undefined;
}

/** Environment names may contain hyphens: `dev-eu-network` is no stack of `dev`. */
function kindOf(environment: string, id: string): string | undefined {
  return STACK_NAMES.find((name) => {
    const own = stackId(environment, name);
    return id === own || id.startsWith(`${own}-`);
  });
}

/** `network` for `prod-network`. */
export function stackKindOf(environment: string, id: string): string {
  return kindOf(environment, id) ?? id;
}

/** `prod` for `prod-mesh-policies` and for its shard `prod-mesh-policies-purchasing`. */
export function environmentOf(stack: string): string {
  const names = STACK_NAMES.flatMap((name) => {
    const [, environment] = new RegExp(`^(.+?)-${name}(?:-.+)?$`).exec(stack) ?? [];
    return environment ?? [];
  });
  return names.sort((one, other) => other.length - one.length)[0] ?? stack;
}
