import { isMissing, lastLines, run as runProcess, runSync } from '../../tools/process';
import { LabError } from '../support/errors';

/** A required program, and what to do if it is missing. */
export interface Program {
  readonly name: string;
  readonly fix: string;
}

export const GO: Program = { name: 'go', fix: 'install Go 1.26 or newer' };
export const PYTHON: Program = { name: 'python3', fix: 'install Python 3 with pip' };
export const APT: Program = {
  name: 'apt-get',
  fix: 'install Prometheus 2.42 or newer, so that prometheus and promtool are on the PATH',
};
export const DPKG: Program = { name: 'dpkg-deb', fix: APT.fix };

/** Reproducible static binaries. All builds share these flags, so that packages are compiled once. */
export const GO_ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-trimpath -buildvcs=false' } as const;

/** Runs a program and returns its standard output. An error message has the last lines of its standard error. */
export async function runTool(
  program: Program,
  args: readonly string[],
  options: { readonly cwd: string; readonly purpose: string },
): Promise<string> {
  const { cwd, purpose } = options;
  const result = await runProcess(program.name, args, { cwd, env: { ...process.env, ...GO_ENVIRONMENT } });
  if (isMissing(result)) throw new LabError(`${purpose} needs '${program.name}': ${program.fix}`);
  if (result.exitCode === 0) return result.stdout;
  throw new LabError(`${purpose} failed: ${program.name} ${args.join(' ')}\n${lastLines(result.stderr)}`);
}

/** Path of an installed program. */
export function installed(name: string): string | undefined {
  const { exitCode, stdout } = runSync('sh', ['-c', `command -v ${name}`]);
  return exitCode === 0 ? stdout.trim() : undefined;
}
