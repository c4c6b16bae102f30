/** Synthesizes the small shop with some lines changed. */
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSync } from '../../tools/process';
import { withFolder } from '../../tools/with-folder';
import { projectRoot } from '../support/project-root';

/** Replaces a text in one file of the catalogue. */
export interface TextReplacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Variant {
  readonly edits?: readonly TextReplacement[];
  /** New files of the catalogue with their contents. */
  readonly added?: Readonly<Record<string, string>>;
  /** Files to rename after the edits. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** A change of the synthesized JSON that the catalogue cannot express. */
  readonly patch?: (stack: StackFile) => void;
}

/** The parts of a stack's JSON that patches change. */
export interface StackFile {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly moved?: { readonly from: string; readonly to: string }[];
}

const SHOP = 'verification/plan-fixtures/shop';

/** JSON of one stack of the variant. */
export function synthesizeCatalogueVariant(variant: Variant, stack: string): string {
  return withFolder('plans-', (folder) => {
    const config = join(folder, 'config');
    writeEditedCatalogue(join(projectRoot(), SHOP), config, variant);
    const outputFolder = join(folder, 'cdktf.out');
    runSynth(config, outputFolder);
    const json = JSON.parse(
      readFileSync(join(outputFolder, 'stacks', stack, 'cdk.tf.json'), 'utf8'),
    ) as StackFile;
    variant.patch?.(json);
    return JSON.stringify(json);
  });
}

/** Copies the catalogue and changes the copy. */
export function writeEditedCatalogue(
  catalogue: string,
  folder: string,
  { edits, added, renamed }: Omit<Variant, 'patch'>,
): void {
  cpSync(catalogue, folder, { recursive: true });
  for (const { file, from, to } of edits ?? []) edit(join(folder, file), from, to);
  for (const [file, text] of Object.entries(added ?? {})) writeFileSync(join(folder, file), text);
  for (const [from, to] of Object.entries(renamed ?? {})) renameSync(join(folder, from), join(folder, to));
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`'${file}' does not contain '${from}'`);
  writeFileSync(file, text.replaceAll(from, to));
}

/** Synthesizes all stacks of the unchanged shop. */
export function synthesizeShop(outputFolder: string): void {
  runSynth(join(projectRoot(), SHOP), outputFolder);
}

function runSynth(config: string, outputFolder: string): void {
  runSync(process.execPath, [join(projectRoot(), 'dist/main.js')], {
    env: { ...process.env, MESH_CONFIG: config, CDKTF_OUTDIR: outputFolder },
    stderr: 'inherit',
    reject: true,
  });
}
