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
  /** Why the file cannot be read; its text is then empty. */
  readonly problem?: { readonly rule: string; readonly fix: string };
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

const FIX_OF_EMPTY: Readonly<Partial<Record<SourceKind, string>>> = {
  release: "write 'services: {}'",
};

/** Reads every document of the folder. An unreadable file is in the list, so that references to it are no violations. */
export function readMeshConfig(folder: string): FolderContent {
  const reader = new Reader();
  if (reader.stat(folder)?.isDirectory() !== true) {
    reader.violation(
      folder,
      `'${folder}' is not a folder`,
      'run the command inside the repository, or set MESH_CONFIG to the folder that contains mesh.yaml',
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
    for (const name of this.namesIn(folder)) {
      const path = join(folder, name);
      if (name.endsWith('.yaml')) this.read(path, kind);
      else if (/\.(yml|json)$/i.test(name)) this.violation(path, 'is ignored', 'rename it to end in .yaml');
    }
  }

  private namesIn(folder: string): string[] {
    try {
      return readdirSync(folder).sort();
    } catch (error) {
      this.violation(folder, `cannot be read (${codeOf(error)})`, 'check its permissions');
      return [];
    }
  }

  read(path: string, kind: SourceKind): void {
    const stem = path.slice(path.lastIndexOf(sep) + 1, -'.yaml'.length);
    const content = this.contentOf(path, kind);
    const read = typeof content === 'string' ? { text: content } : { text: '', problem: content };
    this.files.push({ file: displayPath(path), kind, stem, ...read });
  }

  violation(path: string, rule: string, fix: string): void {
    this.violations.push({ file: displayPath(path), line: 1, column: 1, path: '', rule, fix });
  }

  private contentOf(path: string, kind: SourceKind): string | NonNullable<SourceFile['problem']> {
    const stat = this.stat(path);
    if (stat === undefined) return { rule: 'is missing', fix: 'create it' };
    if (stat.isSymbolicLink()) return { rule: 'is a symbolic link', fix: 'replace it with the file' };
    if (!stat.isFile()) return { rule: 'is not a file', fix: 'replace it with a YAML file' };
    if (stat.size > LARGEST_FILE_BYTES) {
      return {
        rule: `has ${stat.size} bytes, more than ${LARGEST_FILE_BYTES}`,
        fix: 'split it or shorten it',
      };
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
      if (text.includes('\0')) return { rule: 'contains a NUL character', fix: 'save it as UTF-8 text' };
      return text.trim() === ''
        ? { rule: 'is empty', fix: FIX_OF_EMPTY[kind] ?? 'add content or delete it' }
        : text;
    } catch (error) {
      const unreadable =
        error instanceof Error && 'code' in error && error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
      return unreadable
        ? { rule: `cannot be read (${codeOf(error)})`, fix: 'check its permissions' }
        : { rule: 'is not UTF-8', fix: 'save it as UTF-8 text' };
    }
  }
}

/** Relative to the working directory, with slashes. */
export function displayPath(path: string): string {
  return relative('.', path).split(sep).join('/') || '.';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
