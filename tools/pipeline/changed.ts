/** Which stacks a change touches: the two syntheses are compared, since any line may change any stack. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isOf, selectStacks, stackIds } from '../synthesized-stacks';

export interface ChangedStacks {
  readonly environment: string;
  /** Ids, each after what it depends on. */
  readonly stacks: readonly string[];
}

export interface Changes {
  /** What differs, in environments that the base knows. */
  readonly planned: readonly ChangedStacks[];
  /** Of environments that are new: the base, whose code plans, knows neither their project nor whom to log in as. */
  readonly later: readonly ChangedStacks[];
  /** Ids of stacks that are no longer synthesized. Nothing plans them, and nothing destroys what they hold. */
  readonly gone: readonly string[];
}

/**
 * Environments without a changed stack are left out; a stack that is new is changed.
 *
 * @param base output folder of the synthesis before the change
 */
export function changedStacks(outputFolder: string, base: string, environments: readonly string[]): Changes {
  const [before, after] = [stackIds(base), stackIds(outputFolder)];
  const changed = environments
    .map((environment) => ({
      environment,
      stacks: selectStacks(outputFolder, environment, [])
        .filter(({ id, folder }) => !isDeepStrictEqual(read(folder), read(join(base, 'stacks', id))))
        .map(({ id }) => id),
    }))
    .filter(({ stacks }) => stacks.length > 0);
  const isKnown = ({ environment }: ChangedStacks) => before.some((id) => isOf(environment, id));
  return {
    planned: changed.filter(isKnown),
    later: changed.filter((one) => !isKnown(one)),
    gone: before.filter((id) => !after.includes(id)),
  };
}

/** Order of keys and cdktf's notes about itself make no difference to Terraform. */
function read(folder: string): unknown {
  const file = join(folder, 'cdk.tf.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => (key === '//' ? undefined : value));
}
