/** What must be there before the first apply, as commands that change nothing when they are run again. */
import type { Environment } from '../../model/environment';
import { PROJECT_APIS } from '../../model/project-apis';
import { SERVICE_AGENTS } from '../../model/service-agents';
import { pipelineSteps } from './pipeline-accounts';
import { stateSteps } from './state-store';
import { accountOf, step, type BootstrapStep } from './step';
import { workflowSteps } from './workflow-login';

/** Google's limit for one call. */
const APIS_A_CALL = 20;
/** Of the pipeline itself; Terraform does not own them. */
const PIPELINE_APIS = ['cloudbuild', 'iamcredentials', 'storage', 'sts'] as const;

/**
 * Terraform switches the APIs on as well; but the service agents, to which it grants keys, need them before.
 *
 * @param today `2026-03-01`; the first rotation of the key of the state is 90 days from it
 */
export function bootstrapSteps(environment: Environment, today: string): BootstrapStep[] {
  const { project, mesh } = environment;
  return [
    ...apiSteps(project.id),
    ...stateSteps(environment, today),
    ...pipelineSteps(environment),
    ...(mesh.repository === undefined ? [] : workflowSteps(environment, mesh.repository)),
  ];
}

/** What is left to a person, in a sentence each. */
export function bootstrapNotes({ state, mesh, project, name }: Environment): string[] {
  return [
    ...(state.backend === 'gcs'
      ? []
      : [
          `state is still local; put 'state: { backend: gcs, bucket: ${project.id}-terraform-state }' into mesh-config/environments/${name}.yaml`,
        ]),
    ...(mesh.repository === undefined
      ? [
          "no workflow may log in; put 'repository: <owner>/<name>' into mesh-config/mesh.yaml and run this again",
        ]
      : [
          `in ${mesh.repository}, make the environment '${name}'${name === 'dev' ? '' : ' and name who must approve'}, for the main branch alone; its workflows log in as ${accountOf('apply', project.id)}`,
          `in ${mesh.repository}, protect main as docs/pipelines.md says: what is on it is deployed without being checked again`,
        ]),
  ];
}

function apiSteps(projectId: string): BootstrapStep[] {
  const inProject = `--project=${projectId}`;
  const apis = [...PROJECT_APIS, ...PIPELINE_APIS].map(hostOf);
  const batches = Array.from({ length: Math.ceil(apis.length / APIS_A_CALL) }, (_, index) =>
    apis.slice(index * APIS_A_CALL, (index + 1) * APIS_A_CALL),
  );
  return [
    ...batches.map((batch) => step('gcloud', 'services', 'enable', ...batch, inProject)),
    ...Object.values(SERVICE_AGENTS).map(({ api }) =>
      step('gcloud', 'beta', 'services', 'identity', 'create', `--service=${hostOf(api)}`, inProject),
    ),
  ];
}

function hostOf(api: string): string {
  return `${api}.googleapis.com`;
}
