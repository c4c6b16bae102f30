/** Writes the output of cdktf after the gate has checked it: all stacks, or none. */
import { App } from 'cdktf';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GateError, checkStack, projectOf, toGatedStack } from './model/gate';
import { LOCK_FILE, lockNameOf, type Requirements } from './model/provider-locks';

export interface GatedOutput {
  /** Output folder. Other files in it stay. */
  readonly outdir: string;
  /** Folder of the committed provider locks, from which each stack gets its lock file. */
  readonly locks: string;
  /** The only input of the gate that is not in the JSON. */
  readonly isProduction: (stackId: string) => boolean;
  readonly build: (app: App) => void;
}

/**
 * cdktf writes to a temporary folder next to the output folder, on the same disk, so that each file can be moved
 * atomically.
 *
 * @throws GateError with every violation of every stack; the output folder is then unchanged
 */
export function writeThroughGate({ outdir, locks, isProduction, build }: GatedOutput): void {
  const target = resolve(outdir);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(join(dirname(target), '.synth-'));
  try {
    const app = new App({ outdir: draft });
    build(app);
    app.synth();

    const stacks = join(draft, 'stacks');
    const gated = readdirSync(stacks)
      .sort()
      .map((id) => {
        const json: unknown = JSON.parse(readFileSync(join(stacks, id, 'cdk.tf.json'), 'utf8'));
        placeLock(locks, json as Requirements, join(stacks, id));
        return toGatedStack(id, json, isProduction(id));
      });
    const violations = gated.flatMap((stack) =>
      checkStack(
        stack,
        gated.filter((other) => projectOf(other) === projectOf(stack)),
      ),
    );
    if (violations.length > 0) throw new GateError(violations);
    moveInto(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
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
