/** Runs synth as a child process. */
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { SynthesizedJson } from '../model/review/synthesized';
import { readJsonFile } from './json-file';
import { run } from './process';

/** JSON by stack. */
export type Synthesis = ReadonlyMap<string, SynthesizedJson>;

/**
 * @param program folder of a compiled repository
 * @param config folder of the catalogue
 * @param environment the only one to synthesize; all if left out
 * @returns the error output if it fails
 */
export async function synthesizeInto(
  output: string,
  program: string,
  config: string,
  cancelSignal: AbortSignal,
  environment?: string,
): Promise<string | undefined> {
  const only = environment === undefined ? [] : [environment];
  const { failed, stderr } = await run(process.execPath, [join(program, 'dist/main.js'), ...only], {
    cwd: program,
    env: { ...process.env, MESH_CONFIG: relative(program, resolve(config)), CDKTF_OUTDIR: output },
    cancelSignal,
  });
  return failed ? stderr.trim() : undefined;
}

export function synthesisIn(output: string): Synthesis {
  const stacks = join(output, 'stacks');
  return new Map(
    readdirSync(stacks).map((stack) => [
      stack,
      readJsonFile<SynthesizedJson>(join(stacks, stack, 'cdk.tf.json')),
    ]),
  );
}
