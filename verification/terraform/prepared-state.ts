/** State of a stack that was never applied, with the outputs that later stacks read. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readStack } from './read-stack';

/** References to outputs of other stacks in the JSON. */
const REFERENCE = /data\.terraform_remote_state\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_-]+)/g;

/**
 * Writes a state file for every stack that this one reads from, at the path of its local backend.
 *
 * @param folder of the stack, with `cdk.tf.json`
 * @param value gives the value of an output by its name
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
