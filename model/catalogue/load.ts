/** Loads the catalogue: reads every file, reports all violations at once, resolves every environment. */
import type { Catalogue } from '../environment';
import { readMeshConfig, type FolderContent } from '../source/read-folder';
import { CatalogueError, sortByPlace, type Violation } from '../source/violation';
import { YamlDocument } from '../source/yaml-document';
import { CatalogueBuilder } from './catalogue-builder';

/**
 * Reads the folder into resolved, frozen environments.
 *
 * @param today as `2030-01-31`, to expire waivers
 * @throws CatalogueError with every violation of every file and rule, sorted by place
 */
export function loadCatalogue(folder: string, today: string): Catalogue {
  return buildCatalogue(readMeshConfig(folder), today);
}

/** `loadCatalogue` for documents in memory. */
export function buildCatalogue(content: FolderContent, today: string): Catalogue {
  const { violations, ...catalogue } = checkCatalogue(content, today);
  if (violations.length > 0) throw new CatalogueError(violations);
  return deepFreeze(catalogue);
}

/** A catalogue that may have violations. */
export interface CheckedCatalogue extends Catalogue {
  /** Sorted by place. If there are any, environments may be missing. */
  readonly violations: readonly Violation[];
}

/** For callers that report violations instead of stopping at them. */
export function checkCatalogue({ files, violations }: FolderContent, today: string): CheckedCatalogue {
  return checkDocuments(
    files.map((file) => new YamlDocument(file)),
    violations,
    today,
  );
}

/** `checkCatalogue` for parsed documents: parsing takes most of the time. */
export function checkDocuments(
  documents: readonly YamlDocument[],
  readViolations: readonly Violation[],
  today: string,
): CheckedCatalogue {
  const builder = new CatalogueBuilder(documents, readViolations, today);
  const catalogue = builder.build();
  return { ...catalogue, violations: sortByPlace(builder.violations) };
}

/** The catalogue is shared: a change by one reader would affect every later one. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
