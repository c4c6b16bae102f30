/** Runs a program to its end without blocking: others may answer it from this very process. */
import { spawn } from 'node:child_process';

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Shown as it comes instead of captured. */
  readonly shown: boolean;
}

export interface ChildResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A terminal's interrupt reaches the program by itself, and a second one would make it drop what it holds: so
 * this process lets the program end in its own time. A request to end is handed on.
 *
 * @throws the error of the operating system if the program cannot be started
 */
export async function runChild(
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  const output = options.shown ? 'inherit' : 'pipe';
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', output, output],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const wait = () => undefined;
  const handOn = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', handOn);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    return { status, stdout: textOf(stdout), stderr: textOf(stderr) };
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', handOn);
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
