import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectStacks } from '../../../tools/synthesized-stacks';
import { LabError } from '../../support/errors';
import type { ApiObject } from '../engine/json';

export type ResourceJson = ApiObject;

/** A synthesized stack that a test edits and restores. */
export class LabStackFile {
  private readonly file: string;
  private readonly original: string;

  constructor(outputFolder: string, environment: string, kind: string) {
    const [stack] = selectStacks(outputFolder, environment, [kind]);
    this.file = join(stack?.folder ?? '', 'cdk.tf.json');
    this.original = readFileSync(this.file, 'utf8');
  }

  /** @throws LabError if the edit changes nothing: the test would show nothing */
  edit(change: (resources: Record<string, Record<string, ResourceJson>>) => void): void {
    const stack = JSON.parse(this.original) as { resource: Record<string, Record<string, ResourceJson>> };
    change(stack.resource);
    // In lines, because Terraform's messages quote the line.
    const edited = JSON.stringify(stack, null, 2);
    if (edited === JSON.stringify(JSON.parse(this.original), null, 2))
      throw new LabError('the fault changes nothing');
    writeFileSync(this.file, edited);
  }

  restore(): void {
    writeFileSync(this.file, this.original);
  }
}
