/** Stacks that a change affects, by comparing two syntheses: any source line may affect any stack. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readJsonFile } from '../json-file';
import { isStackOf, selectStacks, stackIds } from '../synthesized-stacks';

export interface ChangedStacks {
  readonly environment: string;
  /** Ids, each after its dependencies. */
  readonly stacks: readonly string[];
}

/** Changes that no plan shows. */
export interface UnplannedStacks {
  /** Stacks of environments that the base does not have. */
  readonly added: readonly string[];
  /** Stacks that are no longer synthesized; they are destroyed by hand. */
  readonly removed: readonly string[];
}

/**
 * Omits environments without a changed stack. A new stack counts as changed.
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

/** @param environments of the base: a pipeline cannot log in to others yet */
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

/** Without cdktf's metadata, which Terraform ignores. */
function read(folder: string): unknown {
  const file = join(folder, 'cdk.tf.json');
  if (!existsSync(file)) return undefined;
  return readJsonFile(file, undefined, '//');
}
