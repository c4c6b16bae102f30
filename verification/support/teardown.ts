/** Cleans up in reverse order of creation: on request, on Ctrl-C, and as far as possible when the process exits. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Step = () => Promise<void> | void;

const open = new Set<Teardown>();
/** A terminal tells npm and its child of Ctrl-C, and npm tells the child again: that is one wish, not two. */
const ONE_WISH_MS = 1_000;
let interruptedAt: number | undefined;
let listening = false;

export class Teardown {
  private readonly steps: Step[] = [];
  private readonly lastResorts: (() => void)[] = [];
  private ended = false;

  constructor() {
    open.add(this);
    listen();
  }

  /** @param lastResort what can still be done without waiting, if the process ends before the step could run */
  add(step: Step, lastResort?: () => void): void {
    // Work that was under way when all was ended began this; it ends at once.
    if (this.ended) return void Promise.resolve().then(step).catch(ignore);
    this.steps.push(step);
    if (lastResort) this.lastResorts.push(lastResort);
  }

  /** Runs every step, whatever fails, and then throws what failed first. May be called again. */
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
    this.lastResorts.length = 0;
    open.delete(this);
    if (failures.length > 0) throw failures[0];
  }

  /** @internal */
  runLastResorts(): void {
    for (const resort of this.lastResorts.reverse()) resort();
  }
}

/** Begins something that registers how it ends; if it fails half-way, the half that stands is ended. */
export async function orTearDown<T>(teardown: Teardown, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
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

/** True from Ctrl-C on: what fails now fails because everything is being ended, and is of no interest. */
export function isInterrupted(): boolean {
  return interruptedAt !== undefined;
}

/** For people, as long as they want to hear it. */
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
  process.once('exit', () => newestFirst().forEach((teardown) => teardown.runLastResorts()));
}

function interrupt(code: number): void {
  if (interruptedAt !== undefined) {
    // The handler of `exit` still takes the children along.
    if (Date.now() - interruptedAt > ONE_WISH_MS) process.exit(code);
    return;
  }
  log('interrupted: everything that was started is being ended');
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
  // Work that is under way loses the ground under its feet.
}
