/** Writes what cdktf makes, once the last gate has read it: all of it, or none. */
import { App } from 'cdktf';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GateError, judgeStack, readStack } from './model/gate';

export interface GatedOutput {
  /** Where the stacks end up; what else is there stays. */
  readonly outdir: string;
  /** By id of the stack, which is all that is taken from outside of the JSON. */
  readonly isProduction: (stackId: string) => boolean;
  readonly build: (app: App) => void;
}

/**
 * cdktf writes into a folder beside the output folder, so that the same disk holds both and each file is moved
 * in one step.
 *
 * @throws GateError with every violation of every stack; the output folder is as it was
 */
export function writeThroughGate({ outdir, isProduction, build }: GatedOutput): void {
  const target = resolve(outdir);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(join(dirname(target), '.synth-'));
  try {
    const app = new App({ outdir: draft });
    build(app);
    app.synth();

    const stacks = join(draft, 'stacks');
    const violations = readdirSync(stacks)
      .sort()
      .flatMap((id) => {
        const text = readFileSync(join(stacks, id, 'cdk.tf.json'), 'utf8');
        return judgeStack(readStack(id, JSON.parse(text), isProduction(id)));
      });
    if (violations.length > 0) throw new GateError(violations);
    moveInto(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** File by file: Terraform keeps its locks and plug-ins beside them. */
function moveInto(draft: string, target: string): void {
  if (!existsSync(target)) mkdirSync(target);
  for (const entry of readdirSync(draft, { withFileTypes: true })) {
    const [from, to] = [join(draft, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) moveInto(from, to);
    else renameSync(from, to);
  }
}
