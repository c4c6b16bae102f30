import { ProjectService } from '@cdktf/provider-google/lib/project-service';
import { Construct } from 'constructs';

/**
 * APIs that the five stacks use. `mesh` would switch on several of these by itself; the control plane stops
 * when one of them is switched off, so all are written down.
 *
 * @see https://cloud.google.com/service-mesh/docs/onboarding/provision-control-plane
 */
const SERVICES = [
  'alloydb',
  'artifactregistry',
  'binaryauthorization',
  'certificatemanager',
  'cloudkms',
  'cloudresourcemanager',
  'cloudtrace',
  'compute',
  'connectgateway',
  'container',
  'containeranalysis',
  'containerscanning',
  'containersecurity',
  'dns',
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
  'servicenetworking',
  'sqladmin',
  'trafficdirector',
] as const;

/** Google APIs of the project. They stay on when the stack goes: others may use them by then. */
export class ProjectServices extends Construct {
  public readonly all: readonly ProjectService[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.all = SERVICES.map(
      (name) =>
        new ProjectService(this, name, { service: `${name}.googleapis.com`, disableOnDestroy: false }),
    );
  }
}
