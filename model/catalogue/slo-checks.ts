/** Checks that journeys can be measured and that notification owners exist. */
import type { EnvironmentSpec } from '../schema/environment-schema';
import type { MeshSpec } from '../schema/mesh-schema';
import type { ServiceSpec } from '../schema/service-schema';
import { unknownName, type SpecViolation } from './parse';

/** Journeys are measured at the ingress gateway, so their entries need an ingress route. */
export function checkJourneys(
  { journeys }: Pick<MeshSpec, 'journeys'>,
  specs: readonly ServiceSpec[],
  known: readonly string[],
): SpecViolation[] {
  return Object.entries(journeys).flatMap(([name, { entries }]) =>
    entries.flatMap((entry, index): SpecViolation[] => {
      const path = ['journeys', name, 'entries', index];
      if (!known.includes(entry)) return [unknownName(path, entry, 'service', known)];
      const spec = specs.find((service) => service.name === entry);
      if (spec === undefined || spec.ingress.length > 0) return [];
      return [{ path, rule: `'${entry}' has no ingress route`, fix: "use a service with 'ingress'" }];
    }),
  );
}

/** Channels of a team that owns nothing would never be notified. */
export function checkOwners(
  { notifications }: Pick<EnvironmentSpec, 'notifications'>,
  mesh: Pick<MeshSpec, 'journeys' | 'pageOwner'>,
  services: readonly ServiceSpec[],
): SpecViolation[] {
  const owners = [
    ...new Set([...services, ...Object.values(mesh.journeys)].map(({ owner }) => owner)).add(mesh.pageOwner),
  ];
  return Object.keys(notifications.owners)
    .filter((owner) => !owners.includes(owner))
    .map((owner) => unknownName(['notifications', 'owners', owner], owner, 'owner', owners, true));
}
