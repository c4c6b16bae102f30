import { spawn, spawnSync } from 'node:child_process';
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
export async function run(
  program: Program,
  args: readonly string[],
  options: { readonly cwd: string; readonly purpose: string },
): Promise<string> {
  const child = spawn(program.name, args, {
    cwd: options.cwd,
    env: { ...process.env, ...GO_ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.on('data', (text: Buffer) => output.push(text.toString()));
  child.stderr.on('data', (text: Buffer) => errors.push(text.toString()));
  // The child must not outlive an interrupted build.
  const interrupt = () => child.kill();
  process.once('exit', interrupt);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status === 0) return output.join('');
  } catch {
    throw new LabError(`${options.purpose} needs '${program.name}': ${program.fix}`);
  } finally {
    process.removeListener('exit', interrupt);
  }
  const lastLines = errors.join('').trim().split('\n').slice(-15).join('\n');
  throw new LabError(`${options.purpose} failed: ${program.name} ${args.join(' ')}\n${lastLines}`);
}

/** Path of an installed program. */
export function installed(name: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
