import { closeSync, openSync, readFileSync } from 'node:fs';
import { lastLines, run } from '../../tools/process';
import { LabError } from './errors';
import { type Teardown } from './teardown';
import { installed } from '../toolchain/program';
import { until } from './until';

export interface ProcessOptions {
  /** For messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** For standard output and standard error. */
  readonly logFile: string;
  /** Opens its standard input, for a process that ends when the input closes. @default false */
  readonly holdsInput?: boolean;
  /**
   * Time between SIGTERM and SIGKILL.
   * @default 5_000
   */
  readonly graceMs?: number;
}

export interface RunningProcess {
  readonly pid: number;
  /** True once the process has ended. */
  readonly ended: () => boolean;
  readonly log: () => string;
  /** Sends SIGTERM and waits for the end. */
  readonly stop: () => Promise<void>;
}

/** The kernel ends the child if the lab is killed. */
const PDEATHSIG = installed('setpriv') === undefined ? [] : ['setpriv', '--pdeathsig', 'TERM', '--'];

/** Starts a process in a new session, so that Ctrl-C only reaches the lab, which stops its processes in order. */
export function startProcess(teardown: Teardown, options: ProcessOptions): RunningProcess {
  const [program = '', ...args] = [...PDEATHSIG, options.program, ...options.args];
  // execa passes on any file descriptor; its types list only the first ones.
  const log = openSync(options.logFile, 'w') as 3;
  const child = run(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdin: options.holdsInput ? 'pipe' : 'ignore',
    stdout: log,
    stderr: log,
    detached: true,
    cleanup: false,
    forceKillAfterDelay: options.graceMs ?? 5_000,
  });
  closeSync(log);
  const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const stop = async () => {
    if (ended()) return;
    child.kill('SIGTERM');
    await child;
    killGroup(child.pid);
  };
  teardown.add(stop, () => child.kill('SIGTERM'));
  return {
    pid: child.pid ?? 0,
    ended,
    log: () => readFileSync(options.logFile, 'utf8'),
    stop,
  };
}

/** @throws LabError with the last lines of the log if the process ends or the time limit expires */
export async function waitUntil(
  name: string,
  running: RunningProcess,
  condition: () => Promise<boolean> | boolean,
  limitMs = 30_000,
): Promise<void> {
  const failure = (problem: string) => new LabError(`${name} ${problem}:\n${lastLines(running.log())}`);
  const isReady = async () => {
    if (await condition()) return true;
    if (running.ended()) throw failure('ended during its start');
    return false;
  };
  const otherwise = () => failure(`was not ready within ${limitMs / 1_000} s`);
  await until(isReady, { everyMs: 25, limitMs, otherwise });
}

/** Kills the children that the process has left. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // There are none.
  }
}
