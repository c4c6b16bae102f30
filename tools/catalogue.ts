import { checkCatalogue, loadCatalogue, type CheckedCatalogue } from '../model/catalogue/load';
import type { Catalogue } from '../model/environment';
import { readMeshConfig } from '../model/source/read-folder';

/** @throws CatalogueError if a rule is violated */
export function catalogue(): Catalogue {
  return loadCatalogue(catalogueFolder(), today());
}

/** The catalogue with its violations, warnings and waivers. */
export function checkedCatalogue(): CheckedCatalogue {
  return checkCatalogue(readMeshConfig(catalogueFolder()), today());
}

/** MESH_CONFIG, or `mesh-config`. */
export function catalogueFolder(): string {
  return process.env['MESH_CONFIG'] ?? 'mesh-config';
}

/** As `2030-01-31`, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
