import type { ProjectApi } from './project-apis';

/**
 * Google service agents that use our keys and topics. IAM rejects a grant to an agent that does not exist yet, and
 * this provider cannot create agents: `mesh bootstrap` does.
 *
 * @see https://cloud.google.com/iam/docs/service-agents
 */
export const SERVICE_AGENTS = {
  alloydb: { api: 'alloydb', domain: 'gcp-sa-alloydb' },
  artifactRegistry: { api: 'artifactregistry', domain: 'gcp-sa-artifactregistry' },
  cloudSql: { api: 'sqladmin', domain: 'gcp-sa-cloud-sql' },
  cloudScheduler: { api: 'cloudscheduler', domain: 'gcp-sa-cloudscheduler' },
  compute: { api: 'compute', domain: 'compute-system' },
  eventarc: { api: 'eventarc', domain: 'gcp-sa-eventarc' },
  gke: { api: 'container', domain: 'container-engine-robot' },
  pubSub: { api: 'pubsub', domain: 'gcp-sa-pubsub' },
  secretManager: { api: 'secretmanager', domain: 'gcp-sa-secretmanager' },
  workflows: { api: 'workflows', domain: 'gcp-sa-workflows' },
} as const satisfies Record<string, { readonly api: ProjectApi; readonly domain: string }>;
export type ServiceAgent = keyof typeof SERVICE_AGENTS;

/** IAM member of the service agent. */
export function serviceAgentMember(agent: ServiceAgent, projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@${SERVICE_AGENTS[agent].domain}.iam.gserviceaccount.com`;
}
