/** Runs a program without blocking: tests serve its requests from the same process. */
import { spawn } from 'node:child_process';

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Inherits stdout and stderr instead of capturing them. */
  readonly inheritOutput: boolean;
}

export interface ChildResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The terminal sends an interrupt to the program as well; a second one would make Terraform abort without releasing its
 * lock. So this process ignores SIGINT until the program ends. SIGTERM is forwarded.
 *
 * @throws the error of the operating system if the program cannot be started
 */
export async function runChild(
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildResult> {
  const output = options.inheritOutput ? 'inherit' : 'pipe';
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', output, output],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ignore = () => undefined;
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', forward);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    return { status, stdout: textOf(stdout), stderr: textOf(stderr) };
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward);
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
