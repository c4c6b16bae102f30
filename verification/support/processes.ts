import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { LabError } from './errors';
import { type Teardown } from './teardown';
import { installed } from '../toolchain/program';

export interface ProcessOptions {
  /** As it appears in messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Takes standard output and standard error. */
  readonly logFile: string;
  /** Keeps its standard input open, for a process that ends when that closes. @default false */
  readonly holdsInput?: boolean;
  /**
   * How long the process may take to end by itself before it is killed.
   * @default 5_000
   */
  readonly graceMs?: number;
}

export interface RunningProcess {
  readonly pid: number;
  /** True once it has ended, for whatever reason. */
  readonly ended: () => boolean;
  readonly log: () => string;
  /** Asks it to end (SIGTERM) and waits until it has. */
  readonly stop: () => Promise<void>;
}

/** Asks the kernel to end the child when the lab dies without a chance to say so, as by `kill -9`. */
const DEATH_PACT = installed('setpriv') === undefined ? [] : ['setpriv', '--pdeathsig', 'TERM', '--'];

/**
 * Starts a process in a session of its own, so that Ctrl-C reaches the lab alone, which then ends its processes in
 * order.
 */
export function startProcess(teardown: Teardown, options: ProcessOptions): RunningProcess {
  const [program = '', ...args] = [...DEATH_PACT, options.program, ...options.args];
  const log = openSync(options.logFile, 'w');
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: [options.holdsInput ? 'pipe' : 'ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const end = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const stop = async () => {
    if (ended()) return;
    child.kill('SIGTERM');
    const killer = setTimeout(() => killGroup(child), options.graceMs ?? 5_000);
    await end;
    clearTimeout(killer);
  };
  teardown.add(stop, () => child.kill('SIGTERM'));
  return {
    pid: child.pid ?? 0,
    ended,
    log: () => readFileSync(options.logFile, 'utf8'),
    stop,
  };
}

/** Waits until the condition holds; ends early, with the log's last lines, if the process does. */
export async function waitUntil(
  name: string,
  running: RunningProcess,
  condition: () => Promise<boolean> | boolean,
  limitMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (running.ended()) throw new LabError(`${name} ended while it started:\n${lastLines(running.log())}`);
    if (Date.now() > deadline)
      throw new LabError(`${name} was not ready after ${limitMs / 1_000} s:\n${lastLines(running.log())}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The whole group, or a child of the child would live on. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-15).join('\n');
}
