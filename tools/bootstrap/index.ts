/** Prepares a project for the first apply, by commands that can be repeated. */
import type { Environment } from '../../model/environment';
import { pipelineAccountEmail } from '../../model/naming';
import { PROJECT_APIS } from '../../model/project-apis';
import { SERVICE_AGENTS } from '../../model/service-agents';
import { pipelineSteps, releaseGrants } from './pipeline-accounts';
import { stateSteps } from './state-store';
import { step, type BootstrapStep } from './step';
import { workflowSteps } from './workflow-login';

/** Google's limit. */
const APIS_PER_CALL = 20;
/** Used by the pipelines; not managed by Terraform. */
const PIPELINE_APIS = ['cloudbuild', 'iamcredentials', 'storage', 'sts'] as const;

/**
 * Terraform enables the APIs as well, but Google's service agents, which it grants access to keys, need them before.
 *
 * @param today `2026-03-01`; the state's key is first rotated 90 days later
 * @param source environment to promote images from
 */
export function bootstrapSteps(
  environment: Environment,
  today: string,
  source?: Environment,
): BootstrapStep[] {
  const { project, mesh } = environment;
  return [
    ...apiSteps(project.id),
    ...stateSteps(environment, today),
    ...pipelineSteps(environment),
    ...releaseGrants(environment, source),
    ...(mesh.repository === undefined ? [] : workflowSteps(environment, mesh.repository)),
  ];
}

/** Manual steps that remain, one sentence each. */
export function bootstrapNotes({ state, mesh, project, name }: Environment): string[] {
  return [
    ...(state.backend === 'gcs'
      ? []
      : [
          `the state is still local; add 'state: { backend: gcs, bucket: ${project.id}-terraform-state }' to mesh-config/environments/${name}.yaml`,
        ]),
    ...(mesh.repository === undefined
      ? [
          "GitHub workflows cannot log in yet; add 'repository: <owner>/<name>' to mesh-config/mesh.yaml and run this again",
        ]
      : [
          `in ${mesh.repository}, create the environment '${name}'${name === 'dev' ? '' : ' with required reviewers'}, restricted to the main branch; its workflows log in as ${pipelineAccountEmail('apply', project.id)}`,
          `in ${mesh.repository}, protect the main branch (docs/pipelines.md): it is deployed without further checks`,
        ]),
  ];
}

function apiSteps(projectId: string): BootstrapStep[] {
  const inProject = `--project=${projectId}`;
  const apis = [...PROJECT_APIS, ...PIPELINE_APIS].map(hostOf);
  const batches = Array.from({ length: Math.ceil(apis.length / APIS_PER_CALL) }, (_, index) =>
    apis.slice(index * APIS_PER_CALL, (index + 1) * APIS_PER_CALL),
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
