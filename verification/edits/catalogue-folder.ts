/** A catalogue on disk, to edit. YAML keeps its comments. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseDocument, type Document } from 'yaml';

export type YamlPath = readonly (string | number)[];

export class CatalogueFolder {
  constructor(readonly path: string) {}

  /** Path of another file of the repository that holds the catalogue. */
  inRepository(...names: readonly string[]): string {
    return join(this.path, '..', ...names);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  /** @throws Error if there is no such file */
  remove(file: string): void {
    rmSync(join(this.path, file));
  }

  /** @throws Error if the text does not occur exactly once */
  replace(file: string, from: string, to: string): void {
    const parts = this.read(file).split(from);
    if (parts.length !== 2) throw new Error(`'${from}' occurs ${parts.length - 1} times in ${file}`);
    this.write(file, parts.join(to));
  }

  /** Sets a value of a YAML file, or adds it. */
  set(file: string, path: YamlPath, value: unknown): void {
    const document = parseDocument(this.read(file));
    document.setIn(path, document.createNode(value));
    this.write(file, textOf(document));
  }

  /** @throws Error if the YAML file has no such value */
  delete(file: string, path: YamlPath): void {
    const document = parseDocument(this.read(file));
    if (!document.deleteIn(path)) throw new Error(`no ${path.join('.')} in ${file}`);
    this.write(file, textOf(document));
  }

  /** Replaces everything but the generated schemas by another catalogue. */
  replaceBy(source: string): void {
    for (const name of readdirSync(this.path))
      if (name !== 'schema') rmSync(join(this.path, name), { recursive: true });
    cpSync(source, this.path, { recursive: true });
  }

  /** Texts by path, without the generated schemas. */
  files(): ReadonlyMap<string, string> {
    const all = readdirSync(this.path, { recursive: true, withFileTypes: true });
    return new Map(
      all
        .filter((entry) => entry.isFile())
        .map((entry) => relative(this.path, join(entry.parentPath, entry.name)))
        .filter((file) => !file.startsWith('schema/'))
        .map((file) => [file, this.read(file)]),
    );
  }
}

/** As prettier formats it: a person would not change the other lines. */
function textOf(document: Document): string {
  return document.toString({ lineWidth: 0 }).replace(/\[ ([^[\]\n]*) \]/g, '[$1]');
}
