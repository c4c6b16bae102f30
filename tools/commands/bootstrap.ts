/** What must be there before Terraform's first apply, as commands that change nothing when run again. */
import type { Environment } from '../../model/environment';
import { PROJECT_APIS } from '../../model/project-apis';
import { SERVICE_AGENTS } from '../../model/service-agents';

export type CommandLine = readonly [string, ...string[]];

/** Google's limit for one call. */
const APIS_A_CALL = 20;

/** Terraform switches the APIs on as well; but the service agents, to which it grants keys, need them before. */
export function bootstrapCommands({ project }: Pick<Environment, 'project'>): CommandLine[] {
  const inProject = `--project=${project.id}`;
  const apis = PROJECT_APIS.map(hostOf);
  const batches = Array.from({ length: Math.ceil(apis.length / APIS_A_CALL) }, (_, index) =>
    apis.slice(index * APIS_A_CALL, (index + 1) * APIS_A_CALL),
  );
  return [
    ...batches.map((batch): CommandLine => ['gcloud', 'services', 'enable', ...batch, inProject]),
    ...Object.values(SERVICE_AGENTS).map(({ api }): CommandLine => [
      ...(['gcloud', 'beta', 'services', 'identity', 'create'] as const),
      `--service=${hostOf(api)}`,
      inProject,
    ]),
  ];
}

function hostOf(api: string): string {
  return `${api}.googleapis.com`;
}
