/** Destroys an environment, top stack first, after its name has been typed. */
import { createInterface } from 'node:readline/promises';
import type { Environment } from '../../model/environment';
import { UsageError } from '../usage-error';
import type { SynthesizedStack } from '../synthesized-stacks';
import { Terraform, type TerraformOptions } from './terraform';

/** Asks on the terminal; a pipeline pipes the answers in. */
export type Prompt = (question: string) => Promise<string>;

/**
 * Production asks twice: its name, then the id of its project.
 *
 * @throws UsageError at the first answer that is not what was asked for, before anything is touched
 */
export async function destroyEnvironment(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
  prompt: Prompt,
  options: TerraformOptions,
): Promise<void> {
  const lastFirst = [...stacks].reverse();
  options.log(`this destroys ${lastFirst.map(({ id }) => id).join(', ')}, in this order`);
  await demand(prompt, 'name of the environment', environment.name);
  if (environment.production) await demand(prompt, 'id of the production project', environment.project.id);
  for (const stack of lastFirst) {
    const terraform = new Terraform(stack, options);
    await terraform.init();
    await terraform.destroy();
  }
}

async function demand(prompt: Prompt, what: string, expected: string): Promise<void> {
  const answer = await prompt(`Type the ${what} to go on: `);
  if (answer.trim() !== expected) throw new UsageError(`that is not the ${what}; nothing has been destroyed`);
}

/** Reads one line a question; input that ends early answers with nothing. */
export function promptOnTerminal(): { readonly prompt: Prompt; readonly close: () => void } {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    prompt: async (question) => {
      process.stderr.write(question);
      const { value, done } = (await lines.next()) as { value?: string; done?: boolean };
      return done || value === undefined ? '' : value;
    },
    close: () => terminal.close(),
  };
}
