/** What a service's container gets: variables, files, command, ports. */
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { connectionPasses } from '../support/network-policy-evaluator';
import { objectsOf, objectsOfKind, synthEnvironment, type KubernetesJson } from '../support/synth';

type Changes = Readonly<Record<string, string | null>>;

const CART = 'services/cart.yaml';
const TEST = 'environments/test.yaml';
const cartWith = (lines: string, shop: Changes = {}): Changes =>
  edited(CART, 'timeoutMs: 1000', `${lines}\ntimeoutMs: 1000`, shop);

const stackOf = (changes: Changes) =>
  synthEnvironment(aCatalogue(changes).environments[0]!).get('test-mesh-policies');

function named(changes: Changes, kind: string, name: string): KubernetesJson | undefined {
  return objectsOfKind(stackOf(changes), kind).find(({ metadata }) => metadata.name === name);
}

function podOf(changes: Changes, workload = 'cart-v1'): any {
  return named(changes, 'Deployment', workload)?.spec.template;
}

const containerOf = (changes: Changes, workload?: string): any => podOf(changes, workload).spec.containers[0];

function variablesOf(changes: Changes, workload?: string): Record<string, string> {
  const { env } = containerOf(changes, workload) as { env: { name: string; value: string }[] };
  expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

describe('database connection', () => {
  const withDatabase = (database: string, network = ''): Changes => {
    const shop = cartWith('database: true');
    return edited(
      TEST,
      'database: { cpuCount: 2 }',
      `database: ${database}`,
      edited(TEST, '  databaseEndpointIp', `${network}  databaseEndpointIp`, shop),
    );
  };
  const peered = '  databasePeeringCidr: 10.9.0.0/20\n';
  const common = { PGPORT: '5432', PGUSER: 'cart-db@shop-test.iam', PGSSLMODE: 'require' };

  test.each([
    [
      'AlloyDB, Private Service Connect',
      '{ cpuCount: 2 }',
      '',
      {
        PGHOST: '10.0.15.10',
        PGDATABASE: 'postgres',
        DATABASE_INSTANCE: 'projects/shop-test/locations/europe-west1/clusters/shop-orders/instances/primary',
        DATABASE_IP_TYPE: 'PSC',
      },
    ],
    [
      'AlloyDB, private services access',
      '{ cpuCount: 2, connectivity: private-services-access, databaseName: carts }',
      peered,
      {
        PGHOST: 'database.shop.internal',
        PGDATABASE: 'carts',
        DATABASE_INSTANCE: 'projects/shop-test/locations/europe-west1/clusters/shop-orders/instances/primary',
        DATABASE_IP_TYPE: 'PRIVATE',
      },
    ],
    [
      'Cloud SQL, with a name of its own',
      '{ engine: cloud-sql, cpuCount: 2, resourceName: carts }',
      '',
      {
        PGHOST: '10.0.15.10',
        PGDATABASE: 'postgres',
        DATABASE_INSTANCE: 'shop-test:europe-west1:shop-carts',
        DATABASE_IP_TYPE: 'PSC',
      },
    ],
  ])('%s', (_, database, network, expected) => {
    expect(variablesOf(withDatabase(database, network))).toMatchObject({ ...common, ...expected });
  });

  test('instance, user and host are those that the data stack creates', () => {
    const stacks = synthEnvironment(aCatalogue(withDatabase('{ cpuCount: 2 }')).environments[0]!);
    const only = (type: string): any => Object.values(stacks.get('test-data')?.resource?.[type] ?? {})[0];
    const variables = variablesOf(withDatabase('{ cpuCount: 2 }'));

    const { cluster_id: cluster, location } = only('google_alloydb_cluster');
    const { instance_id: instance } = only('google_alloydb_instance');
    expect(variables['DATABASE_INSTANCE']).toBe(
      `projects/shop-test/locations/${location}/clusters/${cluster}/instances/${instance}`,
    );
    expect(variables['PGUSER']).toBe(only('google_alloydb_user').user_id);
    expect(variables['PGHOST']).toBe(only('google_compute_address').address);
  });

  test.each([
    ['alloydb', 5_433],
    ['cloud-sql', 3_307],
  ])('connectors reach %s on port %d', (engine, port) => {
    const changes = withDatabase(`{ engine: ${engine}, cpuCount: 2 }`);
    const ports = named(changes, 'ServiceEntry', 'database')?.spec.ports.map((one: any) => one.number);
    const egress = JSON.stringify(named(changes, 'NetworkPolicy', 'cart-v1')?.spec.egress);

    expect(ports).toEqual([port, 5_432]);
    expect(egress).toContain(`{"port":${port},"protocol":"TCP"},{"port":5432,"protocol":"TCP"}`);
  });

  test('a service without a database gets none of it', () => {
    expect(Object.keys(variablesOf({})).filter((name) => /^(PG|DATABASE)/.test(name))).toEqual([]);
  });
});

describe('variables of the service', () => {
  const shop = cartWith("env: { LOG_LEVEL: info, GREETING: 'hello', SELF: 'http://localhost:$(PORT)' }");

  test('follow those of the platform, to which they can refer', () => {
    const { env } = containerOf(shop, 'cart-v1') as { env: { name: string; value: string }[] };
    const names = env.map(({ name }) => name);

    expect(variablesOf(shop)).toMatchObject({
      PORT: '8080',
      LOG_LEVEL: 'info',
      SELF: 'http://localhost:$(PORT)',
    });
    expect(names.indexOf('PORT')).toBeLessThan(names.indexOf('SELF'));
    expect(variablesOf(shop, 'stock-v1')).not.toHaveProperty('LOG_LEVEL');
  });

  test('can be overridden one by one in an environment', () => {
    const changes = edited(
      TEST,
      'jwt:\n',
      "services: { cart: { env: { LOG_LEVEL: debug, EXTRA: '1' } } }\njwt:\n",
      shop,
    );

    expect(variablesOf(changes)).toMatchObject({ LOG_LEVEL: 'debug', EXTRA: '1', GREETING: 'hello' });
  });

  test('can differ in the canary version', () => {
    const changes = edited(CART, 'canary: {', "canary: { env: { GREETING: hi }, args: ['--new'],", shop);

    expect(variablesOf(changes)).toMatchObject({ GREETING: 'hello' });
    expect(variablesOf(changes, 'cart-v2')).toMatchObject({ GREETING: 'hi', LOG_LEVEL: 'info' });
    expect(containerOf(changes)).not.toHaveProperty('args');
    expect(containerOf(changes, 'cart-v2').args).toEqual(['--new']);
  });

  test('are no templates for Terraform', () => {
    const changes = cartWith(
      "env: { PATTERN: '${file(\"/etc/passwd\")} %{if true}' }\nargs: ['${path.module}']",
    );

    // Terraform reads `$${` as `${`.
    expect(variablesOf(changes)['PATTERN']).toBe('$${file("/etc/passwd")} %%{if true}');
    expect(containerOf(changes).args).toEqual(['$${path.module}']);
  });
});

describe('files of the service', () => {
  const shop = cartWith("files: { app.yaml: 'level: info', nginx.conf: 'root ${x};' }");
  const hashOf = (changes: Changes, workload?: string): string =>
    podOf(changes, workload).metadata.annotations['retail-mesh/config-hash'];

  test('are mounted one by one, read-only, from a ConfigMap of the version', () => {
    const config = named(shop, 'ConfigMap', 'cart-v1') as any;

    expect(config.data).toEqual({ 'app.yaml': 'level: info', 'nginx.conf': 'root $${x};' });
    expect(podOf(shop).spec.volumes).toContainEqual({ name: 'config', configMap: { name: 'cart-v1' } });
    expect(containerOf(shop).volumeMounts).toEqual(
      expect.arrayContaining([
        { name: 'config', mountPath: '/etc/config/app.yaml', subPath: 'app.yaml', readOnly: true },
        { name: 'config', mountPath: '/etc/config/nginx.conf', subPath: 'nginx.conf', readOnly: true },
      ]),
    );
  });

  test('roll the pods of the version whose files change, and of no other', () => {
    const canary = edited(CART, 'canary: {', "canary: { files: { app.yaml: 'level: debug' },", shop);

    expect(hashOf(shop)).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf(shop, 'cart-v2')).toBe(hashOf(shop));
    expect(hashOf(canary)).toBe(hashOf(shop));
    expect(hashOf(canary, 'cart-v2')).not.toBe(hashOf(shop));
    expect(podOf({}).metadata.annotations).not.toHaveProperty('retail-mesh/config-hash');
  });

  test('exist before the pods that mount them, and until these are changed', () => {
    const manifests = stackOf(shop)?.resource?.['kubernetes_manifest'];

    expect(manifests?.['cart_v1_deployment'].depends_on).toContain('kubernetes_manifest.cart_v1_config');
    expect(manifests?.['cart_v1_config'].lifecycle).toEqual({ create_before_destroy: true });
  });

  test('fit into the number of objects that a service with a canary may have', () => {
    const count = [...objectsOf(stackOf(shop)).keys()].filter((address) =>
      address.startsWith('cart_'),
    ).length;

    expect(count).toBeLessThanOrEqual(24);
  });
});

test('command and arguments replace those of the image', () => {
  const changes = cartWith("command: [/bin/server]\nargs: ['--config', /etc/config/app.yaml]");

  expect(containerOf(changes)).toMatchObject({
    command: ['/bin/server'],
    args: ['--config', '/etc/config/app.yaml'],
  });
  expect(containerOf({})).not.toHaveProperty('command');
});

describe('an admin port', () => {
  const shop = cartWith('adminPort: 9000\nprobes: { port: admin, readinessPath: /ready }');
  const policies = objectsOfKind(stackOf(shop), 'NetworkPolicy');
  const web = { namespace: 'sales', labels: { app: 'web', version: 'v1' } };
  const cart = { namespace: 'sales', labels: { app: 'cart', version: 'v1' } };

  test('is used by the probes, and known to the container', () => {
    const { ports, startupProbe, readinessProbe, livenessProbe } = containerOf(shop);

    expect(ports).toContainEqual({ name: 'admin', containerPort: 9_000, protocol: 'TCP' });
    expect([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet.port)).toEqual([
      9_000, 9_000, 9_000,
    ]);
    expect(variablesOf(shop)).toMatchObject({ PORT: '8080', ADMIN_PORT: '9000' });
    // The sidecar answers rewritten probes, because kubelets have no mesh identity.
    expect(podOf(shop).metadata.annotations).not.toHaveProperty('sidecar.istio.io/rewriteAppHTTPProbers');
  });

  test('is in no Service, and no policy allows it', () => {
    const others = [...objectsOf(stackOf(shop)).values()].filter(({ kind }) => kind !== 'Deployment');

    expect(others.filter((object) => JSON.stringify(object).includes('9000'))).toEqual([]);
    expect(connectionPasses(policies, web, cart, 8_080)).toBe(true);
    expect(connectionPasses(policies, web, cart, 9_000)).toBe(false);
  });

  test('is not covered by a rule that allows requests', () => {
    const operations = (changes: Changes) =>
      named(changes, 'AuthorizationPolicy', 'cart')?.spec.rules.flatMap(({ to }: any) =>
        to.map(({ operation }: any) => operation.ports),
      );

    expect(operations(shop)).toEqual([['8080']]);
    expect(operations({})).toEqual([undefined]);
  });
});
