import { PROJECT_APIS } from '../../model/project-apis';
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { synthEnvironment, type StackJson } from '../support/synth';

const TEST = 'environments/test.yaml';

/** The Google API of each type of resource, by the longest prefix. */
const API_OF_TYPE: Readonly<Record<string, string>> = {
  google_alloydb_: 'alloydb',
  google_artifact_registry_: 'artifactregistry',
  google_binary_authorization_: 'binaryauthorization',
  google_certificate_manager_: 'certificatemanager',
  google_cloud_scheduler_: 'cloudscheduler',
  google_compute_: 'compute',
  google_container_: 'container',
  google_container_analysis_: 'containeranalysis',
  google_dns_: 'dns',
  google_eventarc_: 'eventarc',
  google_gke_hub_: 'gkehub',
  google_kms_: 'cloudkms',
  google_logging_: 'logging',
  google_monitoring_: 'monitoring',
  google_project_iam_: 'cloudresourcemanager',
  google_pubsub_: 'pubsub',
  google_secret_manager_: 'secretmanager',
  google_service_account: 'iam',
  google_service_networking_: 'servicenetworking',
  google_sql_: 'sqladmin',
  google_workflows_: 'workflows',
};

function apiOf(type: string): string | undefined {
  const [prefix] = Object.keys(API_OF_TYPE)
    .filter((candidate) => type.startsWith(candidate))
    .sort((a, b) => b.length - a.length);
  return prefix === undefined ? undefined : API_OF_TYPE[prefix];
}

/** Every switch that adds resources. */
function environmentWith(database: string) {
  const [environment] = aCatalogue({
    ...edited(
      TEST,
      'database: { cpuCount: 2 }',
      `database: { cpuCount: 2, ${database} }\nkiali: { enabled: true }\ndns: { publicZone: shop.example }`,
      edited(
        TEST,
        '  databaseEndpointIp',
        '  databasePeeringCidr: 10.6.0.0/20\n  databaseEndpointIp',
        edited(
          TEST,
          'images: { requireDigest: false,',
          'images: { attestation: audit, requireDigest: false,',
        ),
      ),
    ),
    ...edited('services/stock.yaml', 'timeoutMs', 'database: true\ntimeoutMs'),
    ...edited('mesh.yaml', 'domains:', 'secrets: { key: { description: A secret value } }\ndomains:'),
  }).environments;
  if (environment === undefined) throw new Error('the fixture has no environment');
  return environment;
}

/** Addresses of all resources that the resource needs, directly or through others. */
function needsOf(stack: StackJson, address: string, found = new Set<string>()): ReadonlySet<string> {
  const [type = '', name = ''] = address.split('.');
  const body = JSON.stringify(stack.resource?.[type]?.[name] ?? stack.data?.[type]?.[name] ?? {});
  for (const [, needed = ''] of body.matchAll(/(?:\$\{|")(?:data\.)?(google_\w+\.\w+)/g)) {
    if (found.has(needed)) continue;
    found.add(needed);
    needsOf(stack, needed, found);
  }
  return found;
}

function addressesIn(stack: StackJson): { readonly type: string; readonly address: string }[] {
  return [stack.resource, stack.data].flatMap((section) =>
    Object.entries(section ?? {})
      .filter(([type]) => type.startsWith('google_') && type !== 'google_project_service')
      .flatMap(([type, named]) => Object.keys(named).map((name) => ({ type, address: `${type}.${name}` }))),
  );
}

describe.each(['engine: alloydb', 'engine: cloud-sql, connectivity: private-services-access'])(
  'database %s',
  (database) => {
    const stacks = synthEnvironment(environmentWith(database));

    test('every resource belongs to an API that the network stack enables', () => {
      const unknown = [...stacks.values()]
        .flatMap(addressesIn)
        .filter(({ type }) => !(PROJECT_APIS as readonly string[]).includes(apiOf(type) ?? 'none'));
      expect(unknown).toEqual([]);
    });

    /** The other stacks are applied after the network stack. */
    test('every resource of the network stack waits for its API', () => {
      const network = stacks.get('test-network');
      if (network === undefined) throw new Error('there is no network stack');
      const addresses = addressesIn(network);
      expect(addresses.length).toBeGreaterThan(20);
      const tooEarly = addresses.filter(
        ({ type, address }) =>
          !needsOf(network, address).has(`google_project_service.services_${apiOf(type)}`),
      );
      expect(tooEarly.map(({ address }) => address)).toEqual([]);
    });
  },
);
