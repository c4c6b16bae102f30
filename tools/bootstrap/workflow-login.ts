/** Keyless login of GitHub workflows by Workload Identity Federation. PCI DSS 8.6.2. */
import type { Environment } from '../../model/environment';
import { pipelineAccountEmail, type ProjectAccount } from '../../model/naming';
import { create, step, type BootstrapStep } from './step';

const POOL = 'github';
const MAIN = 'refs/heads/main';
const RELEASE_WORKFLOW = '.github/workflows/release.yml';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** Inputs of `google-github-actions/auth`. */
export function loginOf({ project }: Pick<Environment, 'project'>, account: ProjectAccount) {
  return {
    workload_identity_provider: `projects/${project.number}/locations/global/workloadIdentityPools/${POOL}/providers/${POOL}`,
    service_account: pipelineAccountEmail(account, project.id),
  };
}

/**
 * Every workflow of the repository may plan. Only a job of the protected environment on the main branch may apply:
 * without the branch, a workflow on any other branch could name the environment. Only the release workflow of the main
 * branch may sign.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function workflowSteps(environment: Environment, repository: string): BootstrapStep[] {
  const { project, name } = environment;
  const global = ['--location=global', `--project=${project.id}`] as const;
  const pools = ['gcloud', 'iam', 'workload-identity-pools'] as const;
  const provider = [
    ...global,
    `--workload-identity-pool=${POOL}`,
    `--issuer-uri=${ISSUER}`,
    '--attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository,attribute.deployment=assertion.sub + ":" + assertion.ref,attribute.workflow=assertion.job_workflow_ref',
    // Without the condition, every repository on GitHub could log in.
    `--attribute-condition=assertion.repository == '${repository}'`,
  ] as const;
  const members = `iam.googleapis.com/projects/${project.number}/locations/global/workloadIdentityPools/${POOL}`;
  const login = (account: ProjectAccount, member: string) =>
    step(
      'gcloud',
      'iam',
      'service-accounts',
      'add-iam-policy-binding',
      pipelineAccountEmail(account, project.id),
      `--project=${project.id}`,
      '--role=roles/iam.workloadIdentityUser',
      `--member=${member}`,
    );
  return [
    create(...pools, 'create', POOL, ...global),
    create(...pools, 'providers', 'create-oidc', POOL, ...provider),
    // Updates the provider after the repository has been renamed.
    step(...pools, 'providers', 'update-oidc', POOL, ...provider),
    login('plan', `principalSet://${members}/attribute.repository/${repository}`),
    login(
      'apply',
      `principalSet://${members}/attribute.deployment/repo:${repository}:environment:${name}:${MAIN}`,
    ),
    login(
      'release',
      `principalSet://${members}/attribute.workflow/${repository}/${RELEASE_WORKFLOW}@${MAIN}`,
    ),
  ];
}
