/** State of a stack that was never applied, with the outputs that a later one reads. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readStack } from './read-stack';

/** References to outputs of other stacks, as they stand in the JSON. */
const REFERENCE = /data\.terraform_remote_state\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_-]+)/g;

/**
 * Writes, for every stack that this one reads from, a state file where the local backend looks for it.
 *
 * @param folder of the stack; holds `cdk.tf.json`
 * @param value of an output, by its name
 */
export function prepareStates(folder: string, value: (output: string) => string): void {
  const stack = readStack(folder);
  const references = [...JSON.stringify(stack).matchAll(REFERENCE)];
  for (const [name, { config }] of Object.entries(stack.data?.terraform_remote_state ?? {})) {
    const outputs = references.filter(([, from]) => from === name).map(([, , output = '']) => output);
    const file = resolve(folder, config.path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(renderState(outputs, value)));
  }
}

function renderState(outputs: readonly string[], value: (output: string) => string) {
  return {
    version: 4,
    terraform_version: '1.11.0',
    serial: 1,
    lineage: randomUUID(),
    outputs: Object.fromEntries(
      outputs.map((output) => [output, { value: value(output), type: 'string', sensitive: true }]),
    ),
    resources: [],
  };
}
