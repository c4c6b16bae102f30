import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DefaultTokenResolver,
  StringConcat,
  TerraformElement,
  TerraformOutput,
  Tokenization,
  type ISynthesisSession,
  type IStackSynthesizer,
  type TerraformStack,
} from 'cdktf';
import type { Requirements } from '../model/provider-locks';
import { writeStableJson } from './stable-json';

/** The Terraform JSON of a stack, with the sections that its readers need. */
export interface StackDocument extends Requirements {
  readonly resource?: Readonly<Record<string, object>>;
}

/** cdktf's mark of constructs that write files of their own, such as assets. */
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');

interface WithFiles {
  readonly [CUSTOM_SYNTHESIS]?: { onSynthesize(session: ISynthesisSession): void };
}

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/**
 * Resolves each element of a stack once, where cdktf's own synthesizer resolves it three times: to find references
 * between stacks, to render it, and as part of the merged stack. The JSON is the same.
 *
 * Aspects are not invoked, because they run after elements have been resolved: set defaults in `prepareStack`.
 */
export class OnePassSynthesizer implements IStackSynthesizer {
  private readonly fragments = new Map<TerraformElement, Record<string, unknown>>();
  private readonly overrides: Record<string, unknown> = {};
  private written: StackDocument | undefined;

  constructor(private readonly stack: TerraformStack) {}

  /** The stack as it was written. */
  get document(): StackDocument {
    if (this.written === undefined) throw new Error(`${this.stack.node.path} has not been synthesized`);
    return this.written;
  }

  /** Adds a part that has no construct. @param path names of the levels, joined by dots */
  override(path: string, value: unknown): void {
    merge(this.overrides, nested(path.split('.'), value));
  }

  /**
   * Resolves every element. A reference to another stack adds an output there and a data source here, so all stacks are
   * prepared before the first is written.
   */
  prepare(): void {
    for (const element of this.elements())
      this.fragments.set(element, this.resolve(element.toTerraform(), true));
  }

  synthesize(session: ISynthesisSession): void {
    if (!session.skipValidation) this.stack.runAllValidations();
    const { workingDirectory, synthesizedStackPath } = session.manifest.forStack(this.stack);
    const folder = join(session.outdir, workingDirectory);
    if (!existsSync(folder)) mkdirSync(folder);
    for (const node of this.stack.node.findAll() as readonly WithFiles[])
      node[CUSTOM_SYNTHESIS]?.onSynthesize(session);
    this.written = this.assembled();
    writeStableJson(join(session.outdir, synthesizedStackPath), this.written);
  }

  private assembled(): StackDocument {
    const metadata: Record<string, unknown> = {
      version: this.stack.node.tryGetContext('cdktfVersion') as unknown,
      stackName: this.stack.node.id,
      backend: 'local',
    };
    const overridden = Object.keys(this.overrides);
    if (overridden.length > 0) metadata['overrides'] = { stack: overridden };
    const outputs: Record<string, unknown> = {};
    const document: Record<string, unknown> = { '//': { metadata, outputs } };
    for (const element of this.elements()) {
      merge(metadata, this.resolve(element.toMetadata(), false));
      if (TerraformOutput.isTerraformOutput(element)) merge(outputs, outputAt(element));
      // What a later stack added by its references has not been resolved yet.
      merge(document, this.fragments.get(element) ?? this.resolve(element.toTerraform(), false));
    }
    merge(document, this.resolve(this.overrides, false));
    this.fragments.clear();
    return document;
  }

  private elements(): TerraformElement[] {
    return this.stack.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
  }

  private resolve(value: unknown, preparing: boolean): Record<string, unknown> {
    return Tokenization.resolve(value, { scope: this.stack, resolver: RESOLVER, preparing }) as Record<
      string,
      unknown
    >;
  }
}

/** `{prod-network: {name: address}}`: the command line finds an output by its construct's path. */
function outputAt({ node, friendlyUniqueId }: TerraformOutput): Record<string, unknown> {
  return nested(node.path.split('/'), friendlyUniqueId);
}

function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

/** Maps are merged, lists appended. */
function merge(target: Record<string, unknown>, source: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(source)) {
    const present = target[key];
    if (isMap(present) && isMap(value)) merge(present, value);
    else if (Array.isArray(present) && Array.isArray(value))
      target[key] = [...(present as unknown[]), ...(value as unknown[])];
    else target[key] = value;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
