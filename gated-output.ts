/** Writes the output of cdktf after the gate has checked it: all stacks, or none. */
import { App } from 'cdktf';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GateError, checkStack, projectOf, toGatedStack } from './model/gate';
import { LOCK_FILE, lockNameOf, type Requirements } from './model/provider-locks';
import { compareCodeUnits } from './model/source/violation';
import type { StackDocument } from './stacks/one-pass-synthesizer';
import { RetailStack } from './stacks/retail-stack';

export interface GatedOutput {
  /** Output folder. Other files in it stay. */
  readonly outdir: string;
  /** Folder of the committed provider locks, from which each stack gets its lock file. */
  readonly locks: string;
  /** The only input of the gate that is not in the JSON. */
  readonly isProduction: (stackId: string) => boolean;
  readonly build: (app: App) => void;
}

/** The output folder cannot be written. */
export class OutputError extends Error {}

export interface WrittenStack {
  readonly id: string;
  /** Number of Terraform resources. */
  readonly resources: number;
}

/**
 * cdktf writes to a temporary folder next to the output folder, on the same disk, so that each file can be moved
 * atomically.
 *
 * @returns the stacks, sorted by id
 * @throws GateError with every violation of every stack; the output folder is then unchanged
 * @throws OutputError if the output folder is a file
 */
export function writeThroughGate({ outdir, locks, isProduction, build }: GatedOutput): WrittenStack[] {
  const target = resolve(outdir);
  if (existsSync(target) && !statSync(target).isDirectory())
    throw new OutputError(`'${outdir}' is a file; remove it, or set CDKTF_OUTDIR to a folder`);
  return deferringSignals(() => {
    ensureFolder(dirname(target));
    const draft = mkdtempSync(join(dirname(target), '.synth-'));
    try {
      const app = new App({ outdir: draft });
      build(app);
      app.synth();

      const checked = app.node
        .findAll()
        .filter((node) => node instanceof RetailStack)
        .sort((a, b) => compareCodeUnits(a.node.id, b.node.id))
        .map(({ node: { id }, document }) => {
          placeLock(locks, document, join(draft, 'stacks', id));
          return { stack: toGatedStack(id, document, isProduction(id)), resources: countOf(document) };
        });
      const gated = checked.map(({ stack }) => stack);
      const violations = gated.flatMap((stack) =>
        checkStack(
          stack,
          gated.filter((other) => projectOf(other) === projectOf(stack)),
        ),
      );
      if (violations.length > 0) throw new GateError(violations);
      moveInto(draft, target);
      return checked.map(({ stack, resources }) => ({ id: stack.id, resources }));
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

function countOf({ resource = {} }: StackDocument): number {
  return Object.values(resource).reduce((sum, ofType) => sum + Object.keys(ofType).length, 0);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal ends the process after the synchronous work, which then has removed its temporary folder, instead of in the
 * middle of it.
 */
function deferringSignals<T>(work: () => T): T {
  // As a listener it replaces the default action, which it then triggers.
  const end = (signal: NodeJS.Signals) => {
    for (const name of SIGNALS) process.off(name, end);
    process.kill(process.pid, signal);
  };
  for (const name of SIGNALS) process.on(name, end);
  try {
    return work();
  } finally {
    // Signals that arrived meanwhile are handled before an immediate of the next turn.
    setImmediate(() => setImmediate(() => SIGNALS.forEach((name) => process.off(name, end))));
  }
}

/** Node's own `recursive` never returns where the system creates no folder, as in `/proc`. */
function ensureFolder(path: string): void {
  if (existsSync(path)) return;
  ensureFolder(dirname(path));
  mkdirSync(path);
}

/** Without a committed lock, the existing one stays. */
function placeLock(locks: string, stack: Requirements, folder: string): void {
  const name = lockNameOf(stack);
  if (name !== undefined && existsSync(join(locks, name)))
    copyFileSync(join(locks, name), join(folder, LOCK_FILE));
}

/** Moves file by file, because Terraform stores its own files in the same folders. */
function moveInto(draft: string, target: string): void {
  if (!existsSync(target)) mkdirSync(target);
  for (const entry of readdirSync(draft, { withFileTypes: true })) {
    const [from, to] = [join(draft, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) moveInto(from, to);
    else renameSync(from, to);
  }
}
