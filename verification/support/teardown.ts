/** Cleans up in reverse order of creation: on request, on Ctrl-C, and as far as possible when the process exits. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Step = () => Promise<void> | void;

const open = new Set<Teardown>();
/** Ctrl-C reaches a child of npm twice, from the terminal and from npm. */
const DUPLICATE_SIGNAL_MS = 1_000;
let interruptedAt: number | undefined;
let listening = false;

export class Teardown {
  private readonly steps: Step[] = [];
  private readonly exitSteps: (() => void)[] = [];
  private ended = false;

  constructor() {
    open.add(this);
    listen();
  }

  /** @param onExit synchronous cleanup, in case the process exits before the step runs */
  add(step: Step, onExit?: () => void): void {
    // Started by work that was still in progress when the teardown ran.
    if (this.ended) return void Promise.resolve().then(step).catch(ignore);
    this.steps.push(step);
    if (onExit) this.exitSteps.push(onExit);
  }

  /** Runs every step, and then throws the first error, if any. May be called again. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    this.ended = true;
    this.exitSteps.length = 0;
    open.delete(this);
    if (failures.length > 0) throw failures[0];
  }

  /** @internal */
  runExitSteps(): void {
    for (const step of this.exitSteps.reverse()) step();
  }
}

/** Runs the teardown if the start fails. */
export async function orTearDown<T>(teardown: Teardown, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** Creates a temporary folder that the teardown deletes. LAB_KEEP=1 keeps it, for its logs. */
export function scratchFolder(teardown: Teardown, prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const discard = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (process.env['LAB_KEEP'] !== '1') teardown.add(discard, discard);
  return folder;
}

/** True after Ctrl-C. Errors are then consequences of the shutdown. */
export function isInterrupted(): boolean {
  return interruptedAt !== undefined;
}

/** Writes a message to standard error, unless the process was interrupted. */
export function log(message: string): void {
  if (!isInterrupted()) process.stderr.write(`${message}\n`);
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => interrupt(code));
  process.once('exit', () => newestFirst().forEach((teardown) => teardown.runExitSteps()));
}

function interrupt(code: number): void {
  if (interruptedAt !== undefined) {
    // The handler of `exit` still stops the children.
    if (Date.now() - interruptedAt > DUPLICATE_SIGNAL_MS) process.exit(code);
    return;
  }
  log('interrupted: stopping everything that was started');
  interruptedAt = Date.now();
  process.on('uncaughtException', ignore);
  void endAll().then(() => process.exit(code));
}

async function endAll(): Promise<void> {
  for (const teardown of newestFirst()) await teardown.run().catch(ignore);
}

function newestFirst(): Teardown[] {
  return [...open].reverse();
}

function ignore(): void {
  // Work that is under way loses the checks under its feet.
}
