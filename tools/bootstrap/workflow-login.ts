/** Login of GitHub's workflows without any key, by what their token says. PCI DSS 8.6.2. */
import type { Environment } from '../../model/environment';
import { accountOf, create, step, type Account, type BootstrapStep } from './step';

const POOL = 'github';
const MAIN = 'refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** What `google-github-actions/auth` wants to know. */
export function loginOf({ project }: Pick<Environment, 'project'>, account: Account) {
  return {
    workload_identity_provider: `projects/${project.number}/locations/global/workloadIdentityPools/${POOL}/providers/${POOL}`,
    service_account: accountOf(account, project.id),
  };
}

/**
 * Every workflow of the repository may plan; only a job of the protected environment may apply, and only what is on
 * the main branch: whoever may push any branch could otherwise name the environment in a workflow of his own.
 */
export function workflowSteps(environment: Environment, repository: string): BootstrapStep[] {
  const { project, name } = environment;
  const global = ['--location=global', `--project=${project.id}`] as const;
  const pools = ['gcloud', 'iam', 'workload-identity-pools'] as const;
  const provider = [
    ...global,
    `--workload-identity-pool=${POOL}`,
    `--issuer-uri=${ISSUER}`,
    '--attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository,attribute.deployment=assertion.sub + ":" + assertion.ref',
    // Without it, every repository on GitHub could ask for a token of this pool.
    `--attribute-condition=assertion.repository == '${repository}'`,
  ] as const;
  const members = `iam.googleapis.com/projects/${project.number}/locations/global/workloadIdentityPools/${POOL}`;
  const login = (account: Account, member: string) =>
    step(
      ...(['gcloud', 'iam', 'service-accounts', 'add-iam-policy-binding'] as const),
      accountOf(account, project.id),
      `--project=${project.id}`,
      '--role=roles/iam.workloadIdentityUser',
      `--member=${member}`,
    );
  return [
    create(...pools, 'create', POOL, ...global),
    create(...pools, 'providers', 'create-oidc', POOL, ...provider),
    // After the repository has moved, the provider must name the new one.
    step(...pools, 'providers', 'update-oidc', POOL, ...provider),
    login('plan', `principalSet://${members}/attribute.repository/${repository}`),
    login(
      'apply',
      `principalSet://${members}/attribute.deployment/repo:${repository}:environment:${name}:${MAIN}`,
    ),
  ];
}
