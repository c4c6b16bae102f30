import { buildCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { readMeshConfig } from '../../model/source/read-folder';
import { TODAY } from '../support/catalogue-fixture';
import { REFERENCE_SHOP, environmentNamed } from '../support/catalogues';
import { addressesOf, synthEnvironment, type StackJson } from '../support/synth';

/** Logins and grants of a service are removed with it. Any other removal would be data loss. */
const REMOVED_WITH_A_SERVICE = [
  'google_alloydb_user',
  'google_project_iam_member',
  'google_secret_manager_secret_iam_member',
  'google_service_account',
  'google_service_account_iam_member',
];

const prod = environmentNamed('prod');
const before = synthEnvironment(prod);

function removedFrom(stack: string, after: ReadonlyMap<string, StackJson>): string[] {
  const remaining = new Set(addressesOf(after.get(stack)));
  return addressesOf(before.get(stack)).filter((address) => !remaining.has(address));
}

/** The firewall's rules for a webhook go with the service that receives it. */
function withoutWebhooks(stack: StackJson | undefined): StackJson | undefined {
  const copy = structuredClone(stack);
  for (const policy of Object.values(copy?.resource?.['google_compute_security_policy'] ?? {}))
    policy.rule = policy.rule.filter(({ description }: any) => !/webhook/.test(description));
  return copy;
}

describe.each(prod.services.map(({ name }) => name))('without %s', (name) => {
  const stacks = synthEnvironment(without(prod, [name]));

  test('network, cluster and observability are unchanged', () => {
    expect(removedFrom('prod-cluster-and-asm', stacks)).toEqual([]);
    // The rollback controller is removed with the last canary policy, channels of a team with its last service.
    const removed = removedFrom('prod-observability', stacks).filter(
      (address) => !/\.(canary_rollback|channels_team_)/.test(address),
    );
    expect(removed).toEqual([]);
    expect(stacks.get('prod-cluster-and-asm')).toEqual(before.get('prod-cluster-and-asm'));
    expect(withoutWebhooks(stacks.get('prod-network'))).toEqual(withoutWebhooks(before.get('prod-network')));
  });

  test('in the data stack, only its own logins and grants are removed', () => {
    const types = removedFrom('prod-data', stacks).map((address) => address.slice(0, address.indexOf('.')));

    expect(types.filter((type) => !REMOVED_WITH_A_SERVICE.includes(type))).toEqual([]);
  });
});

test('without any service, database, secrets and keys are unchanged', () => {
  const stacks = synthEnvironment(
    without(
      prod,
      prod.services.map(({ name }) => name),
    ),
  );
  for (const type of [
    'google_alloydb_cluster',
    'google_alloydb_instance',
    'google_kms_crypto_key',
    'google_secret_manager_secret',
  ]) {
    const resources = before.get('prod-data')?.resource?.[type];
    expect(Object.keys(resources ?? {})).not.toEqual([]);
    expect(stacks.get('prod-data')?.resource?.[type]).toEqual(resources);
  }
});

test('a secret that is not in mesh.yaml is an error', () => {
  const source = readMeshConfig(REFERENCE_SHOP);
  const files = source.files.map((file) =>
    file.kind === 'mesh'
      ? { ...file, text: file.text.replace('payment-gateway-api-key:', 'other-key:') }
      : file,
  );

  expect(() => buildCatalogue({ ...source, files }, TODAY)).toThrow(
    "services/payment.yaml:31:11: secrets[0]: 'payment-gateway-api-key' is not a known secret of mesh.yaml; did you mean 'payment-gateway-webhook-key'?",
  );
});

function without(environment: Environment, names: readonly string[]): Environment {
  return {
    ...environment,
    services: environment.services
      .filter(({ name }) => !names.includes(name))
      .map((service) => ({
        ...service,
        versions: service.versions.map((version) => ({
          ...version,
          calls: version.calls.filter((call) => !names.includes(call.service)),
        })) as unknown as typeof service.versions,
      })),
  };
}
