/** Reads the configuration from disk. No other module of model/ may read files. */
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Violation } from './violation';

export type SourceKind = 'mesh' | 'service' | 'external' | 'environment' | 'release';

export interface SourceFile {
  /** Relative to the working directory. */
  readonly file: string;
  readonly kind: SourceKind;
  /** File name without extension: the name that the document must have. */
  readonly stem: string;
  readonly text: string;
}

export interface FolderContent {
  readonly files: readonly SourceFile[];
  readonly violations: readonly Violation[];
}

const FOLDERS: Readonly<Record<string, SourceKind>> = {
  services: 'service',
  external: 'external',
  environments: 'environment',
  releases: 'release',
};

/** Far above any real file, and small enough to parse quickly. */
const LARGEST_FILE_BYTES = 256 * 1024;

/** Reads every document of the folder. Unreadable files become violations. */
export function readMeshConfig(folder: string): FolderContent {
  const reader = new Reader();
  if (reader.stat(folder)?.isDirectory() !== true) {
    reader.violation(
      folder,
      `'${folder}' is not a folder`,
      'set MESH_CONFIG to the folder that contains mesh.yaml',
    );
    return reader;
  }
  reader.read(join(folder, 'mesh.yaml'), 'mesh');
  for (const [name, kind] of Object.entries(FOLDERS)) {
    const path = join(folder, name);
    if (reader.stat(path) !== undefined) reader.readAll(path, kind);
  }
  return reader;
}

class Reader implements FolderContent {
  public readonly files: SourceFile[] = [];
  public readonly violations: Violation[] = [];

  /** Does not follow links: the target of a link would not be reviewed. */
  stat(path: string): Stats | undefined {
    return lstatSync(path, { throwIfNoEntry: false });
  }

  readAll(folder: string, kind: SourceKind): void {
    if (this.stat(folder)?.isDirectory() !== true) {
      this.violation(folder, 'is not a folder', 'replace it with a folder of YAML files');
      return;
    }
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (name.endsWith('.yaml')) this.read(path, kind);
      else if (/\.(yml|json)$/i.test(name)) this.violation(path, 'is ignored', 'rename it to end in .yaml');
    }
  }

  read(path: string, kind: SourceKind): void {
    const stat = this.stat(path);
    if (stat === undefined) return this.violation(path, 'is missing', 'create it');
    if (stat.isSymbolicLink()) return this.violation(path, 'is a symbolic link', 'replace it with the file');
    if (!stat.isFile()) return this.violation(path, 'is not a file', 'replace it with a YAML file');
    if (stat.size > LARGEST_FILE_BYTES) {
      return this.violation(
        path,
        `has ${stat.size} bytes, more than ${LARGEST_FILE_BYTES}`,
        'split it or shorten it',
      );
    }
    const text = this.decode(path);
    if (text === undefined) return;
    if (text.trim() === '') return this.violation(path, 'is empty', 'add content or delete it');
    const stem = path.slice(path.lastIndexOf(sep) + 1, -'.yaml'.length);
    this.files.push({ file: displayPath(path), kind, stem, text });
  }

  violation(path: string, rule: string, fix: string): void {
    this.violations.push({ file: displayPath(path), line: 1, column: 1, path: '', rule, fix });
  }

  private decode(path: string): string | undefined {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
      if (!text.includes('\0')) return text;
      this.violation(path, 'contains a NUL character', 'save it as UTF-8 text');
    } catch (error) {
      const unreadable =
        error instanceof Error && 'code' in error && error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
      if (unreadable) this.violation(path, `cannot be read (${String(error.code)})`, 'check its permissions');
      else this.violation(path, 'is not UTF-8', 'save it as UTF-8 text');
    }
    return undefined;
  }
}

/** Relative to the working directory, with slashes. */
export function displayPath(path: string): string {
  return relative('.', path).split(sep).join('/') || '.';
}
