/** Edits one entry of a release file; every other byte stays. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Document, isMap, isNode, isScalar, Pair, parseDocument, Scalar, visit, type YAMLMap } from 'yaml';
import type { ReleaseEdit } from '../../model/canary/stage';
import { checkCatalogue } from '../../model/catalogue/load';
import { displayPath, readMeshConfig, type SourceFile } from '../../model/source/read-folder';
import { CatalogueError, type Violation } from '../../model/source/violation';
import { UsageError } from '../command-line';

/** Long image names stay on one line. */
const AS_WRITTEN = { lineWidth: 0 } as const;

/** An environment with a sample image may have no file. */
const NEW_FILE = '$schema: ../schema/release.schema.json\nservices: {}\n';

/**
 * Only the service's entry is serialized again, and only if its present layout is what the serializer writes.
 *
 * @throws UsageError if it is not
 */
export function editRelease(text: string, service: string, edits: readonly ReleaseEdit[]): string {
  const document = parseDocument(text);
  const services = document.get('services');
  const pair = isMap(services)
    ? services.items.find(({ key }) => isScalar(key) && key.value === service)
    : undefined;
  const place = placeOf(pair);
  if (place === undefined) return addEntry(text, service, edits);
  const write = () => writeEntry(pair, text, place.start);
  const written = text.slice(place.start, place.end);
  const ending = written.slice(written.trimEnd().length);
  if (write().trimEnd() !== written.trimEnd())
    throw new UsageError(
      `the entry of '${service}' in the release file has an unusual layout, so an edit would change more than it should; format it like the other entries`,
    );
  for (const { path, value } of edits) {
    const whole = ['services', service, ...path];
    if (value === undefined) document.deleteIn(whole);
    else {
      // `images: {}` becomes a block.
      const parent = document.getIn(whole.slice(0, -1), true);
      if (isMap(parent) && parent.items.length === 0) parent.flow = false;
      document.setIn(whole, value);
    }
  }
  return text.slice(0, place.start) + write().trimEnd() + ending + text.slice(place.end);
}

/**
 * Inserts the entry after the last service with a smaller name; every other byte stays.
 *
 * @throws UsageError if `services` is not a block of entries
 */
function addEntry(text: string, service: string, edits: readonly ReleaseEdit[]): string {
  const { contents } = parseDocument(text);
  const pair = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && key.value === 'services')
    : undefined;
  const services = pair?.value;
  const items = isMap(services) ? services.items : [];
  const isEmpty = items.length === 0 && (isMap(services) || (isScalar(services) && services.value === null));
  const isBlock = isMap(services) && services.flow !== true;
  if (!isScalar(pair?.key) || !pair.key.range || !isNode(services) || !(isBlock || isEmpty))
    throw new UsageError(
      "'services' of the release file has an unusual layout; write each service on its own lines, or 'services: {}'",
    );
  const entry = new Document({ [service]: { images: {} } });
  for (const { path, value } of edits) if (value !== undefined) entry.setIn([service, ...path], value);
  visit(entry, { Map: (_, map) => void (map.flow = map.items.length === 0) });
  const indent = ' '.repeat(isEmpty ? 2 : columnOf(text, services.range?.[0] ?? 0));
  const lines = entry.toString(AS_WRITTEN).trimEnd().replace(/^/gm, indent);

  const before = items.findLast(({ key }) => isScalar(key) && String(key.value) < service)?.value;
  const [, valueEnd = pair.key.range[1]] = (isNode(before) && before.range) || [];
  const cut = lineEnd(text, valueEnd);
  // `{}` of an empty map goes, a comment behind it stays.
  const [start, end] = (isEmpty && isMap(services) && services.range) || [cut, cut];
  return `${text.slice(0, start).trimEnd()}${text.slice(end, cut)}\n${lines}${text.slice(cut)}`;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** End of the line with the last character before the offset that is no white space. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', text.slice(0, offset).trimEnd().length);
  return end < 0 ? text.length : end;
}

/** From the start of the key to the end of the value; `undefined` for a new entry. */
function placeOf(pair: Pair | undefined): { readonly start: number; readonly end: number } | undefined {
  const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  const end = isMap(pair?.value) ? pair.value.range?.[2] : undefined;
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** The entry alone, with its present indentation. Comments above the key belong to the file. */
function writeEntry(pair: Pair | undefined, text: string, start: number): string {
  const alone = new Document({});
  const key = new Scalar((pair?.key as Scalar).value);
  (alone.contents as unknown as YAMLMap).items = [new Pair(key, pair?.value)];
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start) + 1));
  return alone.toString(AS_WRITTEN).replace(/\n(?=.)/g, `\n${indent}`);
}

/**
 * Writes the edited file if the catalogue is valid with it.
 *
 * @param today as `2030-01-31`, for the end of waivers
 * @param isTolerated violations that other edits of the same change will fix
 * @returns those that remain
 * @throws CatalogueError with every violation; the file stays as it is
 */
export function writeRelease(
  folder: string,
  environment: string,
  service: string,
  edits: readonly ReleaseEdit[],
  today: string,
  isTolerated: (violation: Violation) => boolean = () => false,
): readonly Violation[] {
  const path = join(folder, 'releases', `${environment}.yaml`);
  const isNew = !existsSync(path);
  const text = editRelease(isNew ? NEW_FILE : readFileSync(path, 'utf8'), service, edits);
  const content = readMeshConfig(folder);
  const file: SourceFile = { file: displayPath(path), kind: 'release', stem: environment, text };
  const others = content.files.filter(({ kind, stem }) => kind !== 'release' || stem !== environment);
  const { violations } = checkCatalogue({ ...content, files: [...others, file] }, today);
  if (!violations.every(isTolerated)) throw new CatalogueError(violations);
  // The rename is atomic for readers.
  const beside = `${path}.${process.pid}`;
  if (isNew) mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  return violations;
}
