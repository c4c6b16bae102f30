/** The two accounts of the pipelines, and what each may do. PCI DSS 7.2.5: least privilege for programs. */
import type { Environment } from '../../model/environment';
import { stateGrants } from './state-store';
import { accountOf, create, step, type Account, type BootstrapStep } from './step';

/** Reads every setting and policy; no secret's value, no object of a bucket but the state's. */
const PLAN_ROLES = [
  'roles/viewer',
  'roles/iam.securityReviewer',
  'roles/container.viewer',
  // Cloud Build writes its log as the account that it builds by.
  'roles/logging.logWriter',
] as const;

/** Custom: Google's own role for secrets can read their values as well. */
const SECRET_ROLE = 'meshSecretKeeper';
const SECRET_PERMISSIONS = ['create', 'delete', 'get', 'getIamPolicy', 'list', 'setIamPolicy', 'update'].map(
  (verb) => `secretmanager.secrets.${verb}`,
);

/** What makes each type of resource; a type without one would be refused at the first apply. */
export const APPLY_ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/alloydb.admin': ['google_alloydb_'],
  'roles/artifactregistry.admin': ['google_artifact_registry_'],
  'roles/binaryauthorization.attestorsAdmin': ['google_binary_authorization_attestor'],
  'roles/binaryauthorization.policyEditor': ['google_binary_authorization_policy'],
  'roles/certificatemanager.owner': ['google_certificate_manager_'],
  'roles/cloudbuild.builds.editor': ['google_cloudbuild_'],
  'roles/cloudscheduler.admin': ['google_cloud_scheduler_'],
  'roles/cloudkms.admin': ['google_kms_'],
  'roles/cloudsql.admin': ['google_sql_'],
  'roles/compute.networkAdmin': [
    'google_compute_address',
    'google_compute_forwarding_rule',
    'google_compute_global_address',
    'google_compute_network',
    'google_compute_router',
    'google_compute_ssl_policy',
    'google_compute_subnetwork',
    'google_service_networking_',
  ],
  'roles/compute.securityAdmin': ['google_compute_network_firewall_policy', 'google_compute_security_policy'],
  'roles/container.admin': ['google_container_cluster', 'google_container_node_pool', 'kubernetes_', 'helm_'],
  'roles/containeranalysis.notes.editor': ['google_container_analysis_'],
  'roles/dns.admin': ['google_dns_'],
  'roles/eventarc.admin': ['google_eventarc_'],
  'roles/gkehub.admin': ['google_gke_hub_'],
  'roles/iam.serviceAccountAdmin': ['google_service_account'],
  // Nodes and workflows run as accounts of their own, which whoever starts them must be allowed to use.
  'roles/iam.serviceAccountUser': [],
  'roles/logging.configWriter': ['google_logging_'],
  // As above.
  'roles/logging.logWriter': [],
  'roles/monitoring.editor': ['google_monitoring_'],
  'roles/pubsub.admin': ['google_pubsub_'],
  'roles/resourcemanager.projectIamAdmin': ['google_project_iam_'],
  'roles/serviceusage.serviceUsageAdmin': ['google_project_service'],
  'roles/viewer': [],
  'roles/workflows.admin': ['google_workflows_'],
  [`projects/*/roles/${SECRET_ROLE}`]: ['google_secret_manager_'],
};

export function pipelineSteps(environment: Environment): BootstrapStep[] {
  const { id } = environment.project;
  const role = ['gcloud', 'iam', 'roles'] as const;
  const permissions = `--permissions=${SECRET_PERMISSIONS.join(',')}`;
  return [
    ...(['plan', 'apply'] as const).map((account) =>
      create(
        ...(['gcloud', 'iam', 'service-accounts', 'create', `mesh-${account}`, `--project=${id}`] as const),
        `--display-name=Pipelines: ${account}`,
      ),
    ),
    create(
      ...role,
      'create',
      SECRET_ROLE,
      `--project=${id}`,
      permissions,
      '--title=Secrets without their values',
    ),
    step(...role, 'update', SECRET_ROLE, `--project=${id}`, permissions),
    ...PLAN_ROLES.map((name) => projectGrant('plan', id, name)),
    ...Object.keys(APPLY_ROLES).map((name) => projectGrant('apply', id, name.replace('*', id))),
    ...stateGrants(environment),
  ];
}

/** Without `--condition` gcloud asks on the terminal as soon as one binding of the project has a condition. */
function projectGrant(account: Account, projectId: string, role: string): BootstrapStep {
  return step(
    ...(['gcloud', 'projects', 'add-iam-policy-binding', projectId] as const),
    `--member=serviceAccount:${accountOf(account, projectId)}`,
    `--role=${role}`,
    '--condition=None',
  );
}
