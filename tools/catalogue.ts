import { judgeCatalogue, loadCatalogue, type Judgement } from '../model/catalogue/load';
import type { Catalogue } from '../model/environment';
import { readMeshConfig } from '../model/source/read-folder';

/** The catalogue that MESH_CONFIG names, judged by the rules of today. */
export function catalogue(): Catalogue {
  return loadCatalogue(catalogueFolder(), today());
}

/** The same, wrong or not. */
export function judgement(): Judgement {
  return judgeCatalogue(readMeshConfig(catalogueFolder()), today());
}

/** MESH_CONFIG, or the repository's own. */
export function catalogueFolder(): string {
  return process.env['MESH_CONFIG'] ?? 'mesh-config';
}

/** As `2030-01-31`, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
