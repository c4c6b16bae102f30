/**
 * Google APIs that the five stacks use. `mesh` enables several of them implicitly, but the control plane stops when
 * one is disabled, so all are listed.
 *
 * @see https://cloud.google.com/service-mesh/docs/onboarding/provision-control-plane
 */
export const PROJECT_APIS = [
  'alloydb',
  'artifactregistry',
  'binaryauthorization',
  'certificatemanager',
  'cloudkms',
  'cloudresourcemanager',
  'cloudscheduler',
  'cloudtrace',
  'compute',
  'connectgateway',
  'container',
  'containeranalysis',
  'containerscanning',
  'containersecurity',
  'dns',
  'eventarc',
  'gkehub',
  'iam',
  'logging',
  'mesh',
  'meshca',
  'meshconfig',
  'monitoring',
  'networksecurity',
  'networkservices',
  'pubsub',
  'secretmanager',
  // Private Service Connect registers its endpoints there.
  'servicedirectory',
  'servicenetworking',
  'sqladmin',
  'trafficdirector',
  'workflowexecutions',
  'workflows',
] as const;
export type ProjectApi = (typeof PROJECT_APIS)[number];
