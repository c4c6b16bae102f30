import type { EnvironmentSpec } from './schema/environment-schema';

/**
 * Where the database can be: one address of ours behind Private Service Connect, or the range that was handed
 * to Google for private services access.
 */
export function databaseCidr({ database, network }: Pick<EnvironmentSpec, 'database' | 'network'>): string {
  if (database.connectivity === 'private-service-connect') return `${network.databaseEndpointIp}/32`;
  if (network.databasePeeringCidr !== undefined) return network.databasePeeringCidr;
  throw new Error("network: connectivity 'private-services-access' has no databasePeeringCidr");
}
