/** Service accounts of the pipelines and their roles. PCI DSS 7.2.5: least privilege for programs. */
import type { Environment } from '../../model/environment';
import { ATTESTATION_KEY, keyRingId, pipelineAccountEmail, type ProjectAccount } from '../../model/naming';
import { stateGrants } from './state-store';
import { create, step, type BootstrapStep } from './step';

/** Reads settings and policies; neither secret values nor objects of buckets, except the state's. */
const PLAN_ROLES = [
  'roles/viewer',
  'roles/iam.securityReviewer',
  'roles/container.viewer',
  // The attestor needs the public key of the images' signatures.
  'roles/cloudkms.publicKeyViewer',
  // Cloud Build writes its log as the account that runs the build.
  'roles/logging.logWriter',
] as const;

/** A custom role: Google's predefined roles for secrets also read their values. */
const SECRET_ROLE = 'meshSecretKeeper';
const SECRET_PERMISSIONS = ['create', 'delete', 'get', 'getIamPolicy', 'list', 'setIamPolicy', 'update'].map(
  (verb) => `secretmanager.secrets.${verb}`,
);

/** Roles with the types of resource that each one manages. The first apply fails for a type without a role. */
export const APPLY_ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/alloydb.admin': ['google_alloydb_'],
  'roles/artifactregistry.admin': ['google_artifact_registry_'],
  'roles/binaryauthorization.attestorsAdmin': ['google_binary_authorization_attestor'],
  'roles/binaryauthorization.policyEditor': ['google_binary_authorization_policy'],
  'roles/certificatemanager.owner': ['google_certificate_manager_'],
  'roles/cloudbuild.builds.editor': ['google_cloudbuild_'],
  'roles/cloudscheduler.admin': ['google_cloud_scheduler_'],
  'roles/cloudkms.admin': ['google_kms_'],
  // The attestor needs the public key of the images' signatures; the administrator may not read it.
  'roles/cloudkms.publicKeyViewer': [],
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
  // Nodes and workflows run as their own accounts; creating them needs permission to act as those.
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

/** Copies images into the registry, reads their scans and records attestations. It changes nothing else. */
const RELEASE_ROLES = [
  'roles/artifactregistry.writer',
  'roles/binaryauthorization.attestorsVerifier',
  'roles/containeranalysis.notes.attacher',
  'roles/containeranalysis.notes.occurrences.viewer',
  'roles/containeranalysis.occurrences.editor',
  // Cloud Build writes its log as the account that runs the build.
  'roles/logging.logWriter',
] as const;

/** In the project of the environment to promote from: reads images, and verifies their attestations. */
const SOURCE_ROLES = [
  'roles/artifactregistry.reader',
  'roles/binaryauthorization.attestorsViewer',
  'roles/containeranalysis.notes.occurrences.viewer',
] as const;

/** @param source environment to promote from; its project gets grants as well */
export function releaseGrants(environment: Environment, source: Environment | undefined): BootstrapStep[] {
  const { id } = environment.project;
  const key = `${keyRingId(environment)}/cryptoKeys/${ATTESTATION_KEY}`;
  return [
    ...RELEASE_ROLES.map((role) => projectGrant('release', id, role)),
    // The key does not exist before the first apply, so the grant is the project's, limited to this key.
    projectGrant(
      'release',
      id,
      'roles/cloudkms.signer',
      `title=image-attestation,expression=resource.name.startsWith('${key}/')`,
    ),
    ...(source === undefined
      ? []
      : SOURCE_ROLES.map((role) => projectGrant('release', source.project.id, role, 'None', id))),
  ];
}

export function pipelineSteps(environment: Environment): BootstrapStep[] {
  const { id } = environment.project;
  const role = ['gcloud', 'iam', 'roles'] as const;
  const permissions = `--permissions=${SECRET_PERMISSIONS.join(',')}`;
  return [
    ...(['plan', 'apply', 'release'] as const).map((account) =>
      create(
        'gcloud',
        'iam',
        'service-accounts',
        'create',
        `mesh-${account}`,
        `--project=${id}`,
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

/** Without `--condition`, gcloud prompts as soon as one binding of the project has a condition. */
function projectGrant(
  account: ProjectAccount,
  projectId: string,
  role: string,
  condition = 'None',
  accountProject = projectId,
): BootstrapStep {
  return step(
    'gcloud',
    'projects',
    'add-iam-policy-binding',
    projectId,
    `--member=serviceAccount:${pipelineAccountEmail(account, accountProject)}`,
    `--role=${role}`,
    `--condition=${condition}`,
  );
}
