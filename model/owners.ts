import type { Environment } from './environment';

/** Teams that alerts of the environment may go to, sorted: owners of services, of journeys, and of the mesh. */
export function alertOwners({
  services,
  journeys,
  mesh,
}: Pick<Environment, 'services' | 'journeys' | 'mesh'>): string[] {
  return [...new Set([...services, ...journeys].map(({ owner }) => owner)).add(mesh.pageOwner)].sort();
}
