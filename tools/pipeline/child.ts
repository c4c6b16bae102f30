import { run } from '../process';

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Inherits stdout and stderr instead of capturing them. */
  readonly inheritOutput: boolean;
}

/**
 * The terminal sends an interrupt to the program as well; a second one would make Terraform abort without releasing its
 * lock. So this process ignores SIGINT until the program ends. SIGTERM is forwarded.
 */
export async function runChild(program: string, args: readonly string[], options: ChildOptions) {
  const { cwd, env, inheritOutput } = options;
  const output = inheritOutput ? 'inherit' : 'pipe';
  const child = run(program, args, { cwd, env, stdout: output, stderr: output, cleanup: false });
  const ignore = () => undefined;
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', forward);
  try {
    return await child;
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward);
  }
}
