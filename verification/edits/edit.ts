/** One change of a catalogue as a person or a pipeline makes it, with its expected outcome. */
import type { CatalogueFolder } from './catalogue-folder';

export interface OrdinaryEdit {
  /** What is done, as the subject of its commit. */
  readonly name: string;
  /** Fixture that the catalogue is before the edit. @default the reference shop */
  readonly shop?: 'reference-shop' | 'bookstore';
  /** Paths that change, relative to the catalogue, sorted. A folder ends in `/`. */
  readonly files: readonly string[];
  readonly apply: (catalogue: CatalogueFolder) => void;
  /** Violations that `mesh validate` must report, each once, and no other. @default none: every check passes */
  readonly refused?: readonly RegExp[];
}
