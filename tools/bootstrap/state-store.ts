/** Bucket of the Terraform state: own key, object versions, no public access. PCI DSS 3.5.1, 10.3.2. */
import type { Environment } from '../../model/environment';
import { pipelineAccountEmail, STATE_KEY_RING } from '../../model/naming';
import { create, step, type BootstrapStep } from './step';

const KEY = 'state';
const ROTATION_DAYS = 90;
const LIFECYCLE_FILE = '.ci/state-bucket-lifecycle.json';

export function stateBucket({ state, project }: Pick<Environment, 'state' | 'project'>): string {
  return state.backend === 'gcs' ? state.bucket : `${project.id}-terraform-state`;
}

export function stateSteps(environment: Environment, today: string): BootstrapStep[] {
  const { project, region } = environment;
  const bucket = `gs://${stateBucket(environment)}`;
  const inProject = `--project=${project.id}`;
  const inRegion = `--location=${region}`;
  const key = `projects/${project.id}/locations/${region}/keyRings/${STATE_KEY_RING}/cryptoKeys/${KEY}`;
  const gcs = ['gcloud', 'storage'] as const;
  const kms = ['gcloud', 'kms'] as const;
  return [
    create(...kms, 'keyrings', 'create', STATE_KEY_RING, inRegion, inProject),
    create(
      ...kms,
      'keys',
      'create',
      KEY,
      `--keyring=${STATE_KEY_RING}`,
      inRegion,
      inProject,
      '--purpose=encryption',
      `--rotation-period=${ROTATION_DAYS}d`,
      `--next-rotation-time=${daysAfter(today, ROTATION_DAYS)}`,
    ),
    // Creates Cloud Storage's service agent.
    step(...gcs, 'service-agent', inProject),
    step(
      ...kms,
      'keys',
      'add-iam-policy-binding',
      KEY,
      `--keyring=${STATE_KEY_RING}`,
      inRegion,
      inProject,
      `--member=serviceAccount:service-${project.number}@gs-project-accounts.iam.gserviceaccount.com`,
      '--role=roles/cloudkms.cryptoKeyEncrypterDecrypter',
    ),
    create(
      ...gcs,
      'buckets',
      'create',
      bucket,
      inRegion,
      inProject,
      `--default-encryption-key=${key}`,
      '--uniform-bucket-level-access',
      '--public-access-prevention',
    ),
    // Also corrects a bucket that existed before.
    step(
      ...gcs,
      'buckets',
      'update',
      bucket,
      `--default-encryption-key=${key}`,
      '--uniform-bucket-level-access',
      '--public-access-prevention',
      '--versioning',
      `--lifecycle-file=${LIFECYCLE_FILE}`,
    ),
  ];
}

/**
 * `plan` writes plans and Terraform's lock files. It may create a state, because the backend creates an empty one for the
 * first plan of a stack, and it may not replace one: that takes storage.objects.delete.
 *
 * @see https://cloud.google.com/storage/docs/access-control/iam-roles
 */
export function stateGrants(environment: Environment): BootstrapStep[] {
  const bucket = stateBucket(environment);
  const objects = `projects/_/buckets/${bucket}/objects/`;
  const grant = (account: 'plan' | 'apply', role: string, condition: string) =>
    step(
      'gcloud',
      'storage',
      'buckets',
      'add-iam-policy-binding',
      `gs://${bucket}`,
      `--member=serviceAccount:${pipelineAccountEmail(account, environment.project.id)}`,
      `--role=${role}`,
      `--condition=${condition}`,
    );
  return [
    grant('apply', 'roles/storage.objectUser', 'None'),
    grant('plan', 'roles/storage.objectViewer', 'None'),
    grant(
      'plan',
      'roles/storage.objectUser',
      `title=plans-and-locks,expression=resource.name.startsWith('${objects}plans/') || resource.name.endsWith('.tflock')`,
    ),
    grant(
      'plan',
      'roles/storage.objectCreator',
      "title=first-states,expression=resource.name.endsWith('/default.tfstate')",
    ),
  ];
}

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString();
}
