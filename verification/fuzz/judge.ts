/** Loads one corrupted input as the catalogue. */
import fc from 'fast-check';
import { checkDocuments } from '../../model/catalogue/load';
import { formatViolation, type Violation } from '../../model/source/violation';
import type { FolderContent, SourceFile } from '../../model/source/read-folder';
import { YamlDocument } from '../../model/source/yaml-document';
import { mutated } from './mutations';

/** Fixed, so that a seed gives the same outcome every day. */
const TODAY = '2030-01-01';

export type FuzzOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly violations: number }
  /** A user must never see it: a crash, or a violation without a clear message and place. */
  | { readonly kind: 'defect'; readonly detail: string };

export interface FuzzInput extends FolderContent {
  readonly corrupted: SourceFile;
}

/** The catalogue with one corrupted file, and with one environment only, since each takes time. */
export function fuzzInput({ files, violations }: FolderContent): fc.Arbitrary<FuzzInput> {
  const environments = files.filter(({ kind }) => kind === 'environment').map(({ stem }) => stem);
  return fc.constantFrom(...environments).chain((environment) => {
    const used = files.filter(
      ({ kind, stem }) => (kind !== 'environment' && kind !== 'release') || stem === environment,
    );
    return fc.constantFrom(...used).chain((file) =>
      mutated(file.text).map((text) => {
        const corrupted = { ...file, text };
        return { violations, corrupted, files: used.map((one) => (one === file ? corrupted : one)) };
      }),
    );
  });
}

export function judge(content: FolderContent): FuzzOutcome {
  const outcome = outcomeOf(content);
  if (({} as Record<string, unknown>)['polluted'] !== undefined)
    return { kind: 'defect', detail: 'a document polluted the prototype of all objects' };
  return outcome;
}

function outcomeOf(content: FolderContent): FuzzOutcome {
  try {
    const { violations } = checkDocuments(content.files.map(documentOf), content.violations, TODAY);
    const unclear = violations.find((violation) => !isClear(violation, content));
    if (unclear !== undefined) return { kind: 'defect', detail: `unclear: ${JSON.stringify(unclear)}` };
    return violations.length === 0
      ? { kind: 'accepted' }
      : { kind: 'refused', violations: violations.length };
  } catch (error) {
    return { kind: 'defect', detail: stackOf(error) };
  }
}

/** Files that are not corrupted are the same object in every input, and parsed once. */
const parsed = new WeakMap<SourceFile, YamlDocument>();

function documentOf(file: SourceFile): YamlDocument {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const document = new YamlDocument(file);
  parsed.set(file, document);
  return document;
}

/** On one line, at a place that exists, without internals of the program. */
function isClear(violation: Violation, content: FolderContent): boolean {
  const text = content.files.find(({ file }) => file === violation.file)?.text;
  const line = formatViolation(violation);
  return (
    text !== undefined &&
    violation.line >= 1 &&
    violation.line <= text.split(/\r\n|\r|\n/).length + 1 &&
    violation.column >= 1 &&
    // eslint-disable-next-line no-control-regex -- a terminal would interpret them
    !/[\u0000-\u001f\u007f]/.test(line) &&
    !/\bundefined\b|\[object |\bat .+:\d+:\d+\)|TypeError|RangeError/.test(line.replaceAll(text, ''))
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
