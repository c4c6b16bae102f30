import type { ProjectApi } from './project-apis';

/**
 * Google's own accounts that use our keys and topics. A grant to one that does not exist yet is refused, and
 * this provider cannot create them: `mesh bootstrap` does.
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

/** As an IAM member. */
export function serviceAgentMember(agent: ServiceAgent, projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@${SERVICE_AGENTS[agent].domain}.iam.gserviceaccount.com`;
}
