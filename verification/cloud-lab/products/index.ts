import type { Products } from '../engine/engine';
import { ALLOYDB } from './alloydb';
import { ARTIFACT_REGISTRY } from './artifactregistry';
import { BINARY_AUTHORIZATION } from './binaryauthorization';
import { CERTIFICATE_MANAGER } from './certificatemanager';
import { CLOUD_KMS } from './cloudkms';
import { CLOUD_SCHEDULER } from './cloudscheduler';
import { CLOUD_SQL } from './sqladmin';
import { COMPUTE } from './compute';
import { CONTAINER } from './container';
import { DNS } from './dns';
import { EVENTARC } from './eventarc';
import { GKE_HUB } from './gkehub';
import { IAM } from './iam';
import { LOGGING } from './logging';
import { MONITORING } from './monitoring';
import { PUBSUB } from './pubsub';
import { RESOURCE_MANAGER } from './resource-manager';
import { SECRET_MANAGER } from './secretmanager';
import { SERVICE_NETWORKING } from './servicenetworking';
import { SERVICE_USAGE } from './serviceusage';
import { WORKFLOWS } from './workflows';

/** By the first part of the API's host. The others have the standard methods only. */
export const PRODUCTS: Products = {
  alloydb: ALLOYDB,
  artifactregistry: ARTIFACT_REGISTRY,
  binaryauthorization: BINARY_AUTHORIZATION,
  certificatemanager: CERTIFICATE_MANAGER,
  cloudkms: CLOUD_KMS,
  cloudresourcemanager: RESOURCE_MANAGER,
  cloudscheduler: CLOUD_SCHEDULER,
  compute: COMPUTE,
  container: CONTAINER,
  dns: DNS,
  eventarc: EVENTARC,
  gkehub: GKE_HUB,
  iam: IAM,
  logging: LOGGING,
  monitoring: MONITORING,
  pubsub: PUBSUB,
  secretmanager: SECRET_MANAGER,
  servicenetworking: SERVICE_NETWORKING,
  serviceusage: SERVICE_USAGE,
  sqladmin: CLOUD_SQL,
  workflows: WORKFLOWS,
};
