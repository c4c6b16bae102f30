/** Which stacks a change touches: the two syntheses are compared, since any line may change any stack. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { selectStacks } from '../synthesized-stacks';

export interface ChangedStacks {
  readonly environment: string;
  /** Ids, each after what it depends on. */
  readonly stacks: readonly string[];
}

/**
 * Environments without a changed stack are left out. A stack that is new is changed; one that is gone cannot be
 * planned, and is destroyed by hand.
 *
 * @param base output folder of the synthesis before the change
 */
export function changedStacks(
  outputFolder: string,
  base: string,
  environments: readonly string[],
): ChangedStacks[] {
  return environments
    .map((environment) => ({
      environment,
      stacks: selectStacks(outputFolder, environment, [])
        .filter(({ id, folder }) => !isDeepStrictEqual(read(folder), read(join(base, 'stacks', id))))
        .map(({ id }) => id),
    }))
    .filter(({ stacks }) => stacks.length > 0);
}

/** Order of keys and cdktf's notes about itself make no difference to Terraform. */
function read(folder: string): unknown {
  const file = join(folder, 'cdk.tf.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => (key === '//' ? undefined : value));
}
