/** Edits one entry of a release file; every other byte stays. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, isMap, isScalar, Pair, parseDocument, Scalar, type YAMLMap } from 'yaml';
import type { ReleaseEdit } from '../../model/canary/stage';
import { buildCatalogue } from '../../model/catalogue/load';
import { readMeshConfig } from '../../model/source/read-folder';
import { UsageError } from '../command-line';

/** Long image names stay on one line. */
const AS_WRITTEN = { lineWidth: 0 } as const;

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
  const place = placeOf(pair) ?? { start: 0, end: text.length };
  const write = () => (placeOf(pair) ? writeEntry(pair, text, place.start) : document.toString(AS_WRITTEN));
  const written = text.slice(place.start, place.end);
  const ending = written.slice(written.trimEnd().length);
  if (write().trimEnd() !== written.trimEnd())
    throw new UsageError(
      `the entry of '${service}' in the release file has an unusual layout, so an edit would change more than it should; format it like the other entries`,
    );
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(['services', service, ...path]);
    else document.setIn(['services', service, ...path], value);
  }
  return text.slice(0, place.start) + write().trimEnd() + ending + text.slice(place.end);
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
 * @throws CatalogueError with every violation; the file stays as it is
 */
export function writeRelease(
  folder: string,
  environment: string,
  service: string,
  edits: readonly ReleaseEdit[],
  today: string,
): void {
  const path = join(folder, 'releases', `${environment}.yaml`);
  const text = editRelease(readFileSync(path, 'utf8'), service, edits);
  const content = readMeshConfig(folder);
  const files = content.files.map((file) =>
    file.kind === 'release' && file.stem === environment ? { ...file, text } : file,
  );
  buildCatalogue({ ...content, files }, today);
  // The rename is atomic for readers.
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
