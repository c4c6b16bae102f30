/**
 * Google's own accounts that use our keys and topics. A grant to one that does not exist yet is refused, and
 * this provider cannot create them: `mesh bootstrap` does.
 *
 * @see https://cloud.google.com/iam/docs/service-agents
 */
export const SERVICE_AGENTS = {
  alloydb: { api: 'alloydb.googleapis.com', domain: 'gcp-sa-alloydb' },
  artifactRegistry: { api: 'artifactregistry.googleapis.com', domain: 'gcp-sa-artifactregistry' },
  cloudSql: { api: 'sqladmin.googleapis.com', domain: 'gcp-sa-cloud-sql' },
  compute: { api: 'compute.googleapis.com', domain: 'compute-system' },
  gke: { api: 'container.googleapis.com', domain: 'container-engine-robot' },
  pubSub: { api: 'pubsub.googleapis.com', domain: 'gcp-sa-pubsub' },
  secretManager: { api: 'secretmanager.googleapis.com', domain: 'gcp-sa-secretmanager' },
} as const;
export type ServiceAgent = keyof typeof SERVICE_AGENTS;

/** As an IAM member. */
export function serviceAgentMember(agent: ServiceAgent, projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@${SERVICE_AGENTS[agent].domain}.iam.gserviceaccount.com`;
}
