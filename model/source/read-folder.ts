/** The only place where the configuration is read from disk. */
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Violation } from './violation';

export type SourceKind = 'mesh' | 'service' | 'external' | 'environment' | 'release';

export interface SourceFile {
  /** As the user would open it, relative to the working directory. */
  readonly file: string;
  readonly kind: SourceKind;
  /** File name without its ending: the name that the document must carry. */
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

/** Far above any real file; below what would make a parser slow. */
const LARGEST_FILE_BYTES = 256 * 1024;

/** Reads every document of the folder. What cannot be read becomes a fault. */
export function readMeshConfig(folder: string): FolderContent {
  const reader = new Reader();
  if (reader.stat(folder)?.isDirectory() !== true) {
    reader.violation(
      folder,
      `'${folder}' is no folder`,
      'set MESH_CONFIG to the folder that holds mesh.yaml',
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

  /** Does not follow links: what a link points at is outside of review. */
  stat(path: string): Stats | undefined {
    return lstatSync(path, { throwIfNoEntry: false });
  }

  readAll(folder: string, kind: SourceKind): void {
    if (this.stat(folder)?.isDirectory() !== true) {
      this.violation(folder, 'is no folder', 'replace it by a folder of YAML files');
      return;
    }
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (name.endsWith('.yaml')) this.read(path, kind);
      else if (/\.(yml|json)$/i.test(name))
        this.violation(path, 'is not read', "end the file's name in .yaml");
    }
  }

  read(path: string, kind: SourceKind): void {
    const stat = this.stat(path);
    if (stat === undefined) return this.violation(path, 'file is missing', 'create it');
    if (stat.isSymbolicLink()) return this.violation(path, 'is a symbolic link', 'put the file itself here');
    if (!stat.isFile()) return this.violation(path, 'is no file', 'replace it by a YAML file');
    if (stat.size > LARGEST_FILE_BYTES) {
      return this.violation(
        path,
        `has ${stat.size} bytes, more than ${LARGEST_FILE_BYTES}`,
        'split or shorten it',
      );
    }
    const text = this.decode(path);
    if (text === undefined) return;
    if (text.trim() === '') return this.violation(path, 'is empty', 'fill it in or delete it');
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
      this.violation(path, 'holds a NUL character', 'save it as UTF-8 text');
    } catch (error) {
      const unreadable =
        error instanceof Error && 'code' in error && error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
      if (unreadable) this.violation(path, `cannot be read (${String(error.code)})`, 'check its permissions');
      else this.violation(path, 'is not UTF-8', 'save it as UTF-8 text');
    }
    return undefined;
  }
}

function displayPath(path: string): string {
  return relative('.', path).split(sep).join('/') || '.';
}
