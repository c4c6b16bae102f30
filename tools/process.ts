/** Runs programs as child processes. Failures are results, not exceptions. */
import type * as Execa from 'execa';
import type { Options, SyncOptions } from 'execa';

/** Length of the longest string in Node; the output of `terraform show -json` can exceed execa's default of 100 MB. */
const MAX_BUFFER = 2 ** 29 - 24;

const DEFAULTS = {
  reject: false,
  stdin: 'ignore',
  stripFinalNewline: false,
  maxBuffer: MAX_BUFFER,
  // Terraform needs its time to release the state lock.
  forceKillAfterDelay: false,
} as const;

type NoOptions = Record<never, never>;
type WithDefaults<T> = Omit<typeof DEFAULTS, keyof T> & T;

/** Does not block: this process can serve requests of the program. */
export function run<T extends Options = NoOptions>(
  program: string,
  args: readonly string[],
  options = {} as T,
) {
  return library().execa<WithDefaults<T>>(program, args, { ...defaults(), ...options });
}

export function runSync<T extends SyncOptions = NoOptions>(
  program: string,
  args: readonly string[],
  options = {} as T,
) {
  return library().execaSync<WithDefaults<T>>(program, args, { ...defaults(), ...options });
}

/** True if there is no such program on the PATH, or if it is not executable. */
export function isMissing({ code }: { readonly code?: string | undefined }): boolean {
  return code === 'ENOENT' || code === 'EACCES';
}

/** End of a program's output, for an error message. */
export function lastLines(output: string, count = 15): string {
  return output.trim().split('\n').slice(-count).join('\n');
}

/** `env` is the whole environment of the program: execa would add the variables that jest hides from a test. */
function defaults() {
  return { ...DEFAULTS, extendEnv: false, env: process.env };
}

/** Loaded with the first program, because it takes 80 ms and most commands of `mesh` run none. */
function library(): typeof Execa {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import` would load it at once
  return require('execa') as typeof Execa;
}
