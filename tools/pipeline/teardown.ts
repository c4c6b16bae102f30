/** Destroys an environment after its name has been typed. */
import { createInterface } from 'node:readline/promises';
import type { Environment } from '../../model/environment';
import { UsageError } from '../command-line';
import type { SynthesizedStack } from '../synthesized-stacks';
import { Terraform, type TerraformOptions } from './terraform';

/** Reads an answer from the terminal, or from piped input. */
export type Prompt = (question: string) => Promise<string>;

/**
 * Destroys the stacks in reverse order. Production needs two answers: its name and the id of its project.
 *
 * @throws UsageError at the first wrong answer, before anything is destroyed
 */
export async function destroyEnvironment(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
  prompt: Prompt,
  options: TerraformOptions,
): Promise<void> {
  const reversed = [...stacks].reverse();
  options.log(`this destroys, in this order: ${reversed.map(({ id }) => id).join(', ')}`);
  await confirm(prompt, 'name of the environment', environment.name);
  if (environment.production) await confirm(prompt, 'id of the production project', environment.project.id);
  for (const stack of reversed) {
    const terraform = new Terraform(stack, options);
    await terraform.init();
    await terraform.destroy();
  }
}

async function confirm(prompt: Prompt, what: string, expected: string): Promise<void> {
  const answer = await prompt(`Type the ${what} to continue: `);
  if (answer.trim() !== expected) throw new UsageError(`wrong ${what}; nothing has been destroyed`);
}

/** Reads one line per question; the answer is empty at the end of the input. */
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
