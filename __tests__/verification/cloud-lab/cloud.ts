import { type Discovery } from '../../../verification/cloud-lab/discovery/discovery';
import { Api, type Judged } from '../../../verification/cloud-lab/engine/api';
import { CloudEngine } from '../../../verification/cloud-lab/engine/engine';
import { NO_DELAYS, type Switches } from '../../../verification/cloud-lab/engine/switches';
import { CloudState } from '../../../verification/cloud-lab/engine/world';
import { PRODUCTS } from '../../../verification/cloud-lab/products';
import { NUMBER, type Request } from './valid-requests';

const APIS = [
  'alloydb',
  'artifactregistry',
  'binaryauthorization',
  'certificatemanager',
  'cloudkms',
  'cloudresourcemanager',
  'cloudscheduler',
  'compute',
  'container',
  'containeranalysis',
  'dns',
  'eventarc',
  'gkehub',
  'iam',
  'logging',
  'monitoring',
  'pubsub',
  'secretmanager',
  'sqladmin',
  'workflows',
];
const AGENTS = ['gcp-sa-pubsub', 'gcp-sa-alloydb', 'gcp-sa-secretmanager', 'compute-system'];

export interface TestCloud {
  readonly world: CloudState;
  readonly send: (request: Request) => Judged;
}

export function testCloud(
  discovery: Pick<Discovery, 'match'>,
  switches: Partial<Switches> = {},
  now?: () => number,
): TestCloud {
  const project = {
    projectId: 'shop-test',
    projectNumber: NUMBER,
    region: 'europe-west1',
    services: APIS.map((name) => `${name}.googleapis.com`),
    accounts: AGENTS.map((domain) => `service-${NUMBER}@${domain}.iam.gserviceaccount.com`),
  };
  const world = new CloudState(project, { ...NO_DELAYS, ...switches }, now);
  const api = new Api(discovery, new CloudEngine(world, PRODUCTS));
  return {
    world,
    send: ({ body, ...request }) =>
      api.judge({ ...request, body: body === undefined ? '' : JSON.stringify(body) }),
  };
}
