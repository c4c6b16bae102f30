import { aCatalogue, edited } from '../support/catalogue-fixture';
import { objectsOf, synthEnvironment } from '../support/synth';
import {
  RESERVED_DOMAINS,
  RESERVED_EXTERNALS,
  RESERVED_MESH_NAMES,
  RESERVED_SECRETS,
  RESERVED_SERVICES,
  reservedFor,
} from '../../model/reserved-names';

const TEST = 'environments/test.yaml';

/** Every optional part of the platform: Kiali, database by peering, other token issuer, canary, third party. */
const [environment] = aCatalogue({
  ...edited(
    TEST,
    'jwksUri: https://www.googleapis.com/keys',
    'jwksUri: https://keys.shop.example/keys\n  jwksCidrs: [192.0.2.1/32]',
    edited(
      TEST,
      'database: { cpuCount: 2 }',
      'database: { cpuCount: 2, connectivity: private-services-access }\nkiali: { enabled: true }',
      edited(TEST, '  databaseEndpointIp', '  databasePeeringCidr: 10.6.0.0/20\n  databaseEndpointIp'),
    ),
  ),
  ...edited('services/stock.yaml', 'timeoutMs', 'database: true\ntimeoutMs'),
  ...edited(
    'mesh.yaml',
    'domains:',
    'journeys: { buy: { description: How a shopper buys, owner: team-web, entries: [web], slos: {} } }\ndomains:',
  ),
}).environments;
if (environment === undefined) throw new Error('the fixture has no environment');
const stacks = synthEnvironment(environment);
const resourcesOf = (type: string) =>
  [...stacks.values()].flatMap((stack) => Object.values(stack.resource?.[type] ?? {}));
const objects = [...stacks.values()].flatMap((stack) => [...objectsOf(stack).values()]);
const platformObjects = objects.filter(({ metadata }) => metadata.namespace !== 'sales');

test('every namespace of the platform is refused as a domain', () => {
  const namespaces = objects
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ metadata }) => metadata.name)
    .concat(platformObjects.flatMap(({ metadata }) => metadata.namespace ?? []))
    .filter((name) => name !== 'sales');
  expect(namespaces).toEqual(
    expect.arrayContaining(['kiali', 'egress-gateway', 'canary-rollback', 'istio-system']),
  );
  expect(namespaces.filter((name) => reservedFor(name, RESERVED_DOMAINS) === undefined)).toEqual([]);
});

test('every workload of the platform is refused as a service', () => {
  const workloads = platformObjects
    .filter(({ kind }) => ['Deployment', 'Service', 'ServiceAccount'].includes(kind))
    .map(({ metadata }) => metadata.name)
    .concat(resourcesOf('helm_release').map(({ name }) => name as string));
  expect(workloads).toEqual(expect.arrayContaining(['ingress-gateway', 'metrics-frontend', 'kiali']));
  expect(workloads.filter((name) => reservedFor(name, RESERVED_SERVICES) === undefined)).toEqual([]);
});

test("every other object in a domain's namespace with a kind that services have is refused as a service", () => {
  const services = ['web', 'cart', 'stock'];
  const kinds = new Set(['AuthorizationPolicy', 'RequestAuthentication', 'Service', 'VirtualService']);
  const others = objects
    .filter(({ kind, metadata }) => kinds.has(kind) && metadata.namespace === 'sales')
    .map(({ metadata }) => metadata.name)
    .filter((name) => !services.some((service) => name === service || name.startsWith(`${service}-`)));
  expect(others).toEqual(['deny-all']);
  expect(others.filter((name) => reservedFor(name, RESERVED_SERVICES) === undefined)).toEqual([]);
});

test('Cloud Monitoring services of journeys are refused as services', () => {
  const ids = resourcesOf('google_monitoring_custom_service').map(({ service_id }) => service_id as string);
  expect(ids).toEqual(['journey-buy']);
  expect(ids.map((id) => reservedFor(id, RESERVED_SERVICES))).toEqual(['user journeys']);
});

test('names of firewall rules and of objects beside those of third parties are refused as third parties', () => {
  const rules = resourcesOf('google_compute_network_firewall_policy_rule').map(
    ({ rule_name }) => rule_name as string,
  );
  const names = rules
    .filter((name) => name.startsWith('allow-'))
    .map((name) => name.slice('allow-'.length))
    .concat(
      platformObjects
        .filter(
          ({ kind, metadata }) =>
            ['DestinationRule', 'ServiceEntry', 'VirtualService'].includes(kind) &&
            metadata.namespace === 'egress-gateway',
        )
        .map(({ metadata }) => metadata.name),
    )
    .filter((name) => name !== 'bank');
  expect([...new Set(names)].sort()).toEqual(Object.keys(RESERVED_EXTERNALS.names).sort());
});

test('secrets and repositories of the platform are refused in mesh.yaml', () => {
  const secrets = resourcesOf('google_secret_manager_secret').map(({ secret_id }) => secret_id as string);
  expect(secrets.sort()).toEqual(Object.keys(RESERVED_SECRETS.names).sort());
  const repositories = resourcesOf('google_artifact_registry_repository')
    .map(({ repository_id }) => repository_id as string)
    .filter((name) => name !== 'shop');
  expect(repositories.sort()).toEqual(Object.keys(RESERVED_MESH_NAMES.names).sort());
});
