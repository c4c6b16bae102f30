import { loadCatalogue } from '../model/catalogue/load';
import type { Catalogue } from '../model/environment';

/** The catalogue that MESH_CONFIG names, judged by the rules of today. */
export function catalogue(): Catalogue {
  return loadCatalogue(configFolder(), today());
}

/** As `2030-01-31`, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function configFolder(): string {
  return process.env['MESH_CONFIG'] ?? 'mesh-config';
}
