/** Which stacks a change touches: the two syntheses are compared, since any line may change any stack. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isStackOf, selectStacks, stackIds } from '../synthesized-stacks';

export interface ChangedStacks {
  readonly environment: string;
  /** Ids, each after what it depends on. */
  readonly stacks: readonly string[];
}

/** What a change does that no plan can show. */
export interface UnplannedStacks {
  /** Of environments that are not known yet. */
  readonly added: readonly string[];
  /** No configuration names them any more; they are destroyed by hand. */
  readonly removed: readonly string[];
}

/**
 * Environments without a changed stack are left out. A stack that is new is changed.
 *
 * @param base output folder of the synthesis before the change
 */
export function changedStacks(
  outputFolder: string,
  base: string,
  environments: readonly string[],
): ChangedStacks[] {
  return environments
    .filter((environment) => stackIds(outputFolder).some((id) => isStackOf(environment, id)))
    .map((environment) => ({
      environment,
      stacks: selectStacks(outputFolder, environment, [])
        .filter(({ id, folder }) => !isDeepStrictEqual(read(folder), read(join(base, 'stacks', id))))
        .map(({ id }) => id),
    }))
    .filter(({ stacks }) => stacks.length > 0);
}

/** @param environments those known before the change: into others, nobody has said how to log in */
export function unplannedStacks(
  outputFolder: string,
  base: string,
  environments: readonly string[],
): UnplannedStacks {
  const ids = stackIds(outputFolder);
  return {
    added: ids.filter((id) => !environments.some((environment) => isStackOf(environment, id))),
    removed: stackIds(base).filter((id) => !ids.includes(id)),
  };
}

/** Order of keys and cdktf's notes about itself make no difference to Terraform. */
function read(folder: string): unknown {
  const file = join(folder, 'cdk.tf.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => (key === '//' ? undefined : value));
}
