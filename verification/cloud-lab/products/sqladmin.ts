import type { Context } from '../engine/call';
import { lastSegment, type ApiObject } from '../engine/json';
import { kind, type FinishedOperation, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireName } from './names';

interface Instance extends ApiObject {
  readonly name: string;
  readonly region?: string;
  readonly settings?: ApiObject & {
    readonly edition?: string;
    readonly tier?: string;
    readonly databaseFlags?: readonly { readonly name: string; readonly value: string }[];
    readonly deletionProtectionEnabled?: boolean;
    readonly backupConfiguration?: { readonly transactionLogRetentionDays?: number };
    readonly ipConfiguration?: {
      readonly ipv4Enabled?: boolean;
      readonly privateNetwork?: string;
      readonly pscConfig?: { readonly pscEnabled?: boolean };
    };
  };
}
interface User extends ApiObject {
  readonly name: string;
  readonly type?: string;
}

const CONNECTIVITY = page('sql/docs/postgres/configure-private-services-access');
const EDITIONS = page('sql/docs/postgres/editions-intro');
const LOGIN = page('sql/docs/postgres/create-edit-iam-instances');

export const CLOUD_SQL: Product = {
  identity: (id) => ({ name: id }),
  operation: sqlOperation,
  methods: {
    'users.insert': (call, engine, note) => {
      const user = call.body as User;
      const instance = engine.read('sqladmin', call.path.replace(/\/users$/, '')) as Instance;
      const flags = instance.settings?.databaseFlags ?? [];
      if (
        user.type?.startsWith('CLOUD_IAM') &&
        !flags.some(({ name, value }) => name === 'cloudsql.iam_authentication' && value === 'on')
      )
        invalid('IAM users need the flag cloudsql.iam_authentication', LOGIN);
      const account = `${user.name}.gserviceaccount.com`;
      if (user.type === 'CLOUD_IAM_SERVICE_ACCOUNT' && !engine.world.hasAccount(account))
        invalid(`service account ${account} does not exist`, LOGIN);
      const stored = {
        kind: 'sql#user',
        ...user,
        host: '',
        instance: instance.name,
        project: engine.world.projectId,
      };
      return engine.replace(call, note, `${call.path}/${user.name}`, stored, 'create_user');
    },
    'users.list': ({ path }, { world }) => ({
      kind: 'sql#usersList',
      items: world.children('sqladmin', path),
    }),
    'users.delete': (call, engine, note) => {
      const name = `${call.path}/${call.query.get('name')}`;
      engine.world.remove('sqladmin', name);
      return engine.operation({ world: engine.world, call, name, note }, {}, 'delete_user');
    },
  },
  kinds: {
    instances: kind<Instance>({
      check: checkInstance,
      defaults: instanceDefaults,
      deleting: ({ settings }) => {
        if (settings?.deletionProtectionEnabled)
          invalid('The instance is protected.', page('sql/docs/postgres/deletion-protection'));
      },
      deleted: (_instance, { world, name }) => {
        for (const user of world.children('sqladmin', `${name}/users`))
          world.remove('sqladmin', `${name}/users/${String(user['name'])}`);
        world.reserved.add(world.key('sqladmin', name));
      },
    }),
  },
};

function checkInstance(instance: Instance, { world, name }: Context): void {
  requireName(name, /^[a-z][a-z0-9-]{0,97}$/, schemaText('sqladmin.v1beta4#DatabaseInstance.name'));
  const { ipConfiguration = {}, edition, tier = '', backupConfiguration = {} } = instance.settings ?? {};
  const { ipv4Enabled, privateNetwork, pscConfig } = ipConfiguration;
  if (!ipv4Enabled && privateNetwork === undefined && !pscConfig?.pscEnabled)
    invalid('At least one of Public IP, Private IP or PSC connectivity must be enabled.', CONNECTIVITY);
  const connected = world
    .entries()
    .some(
      ([key, { network }]) =>
        key.startsWith('servicenetworking/') &&
        lastSegment(String(network)) === lastSegment(privateNetwork ?? ''),
    );
  if (privateNetwork !== undefined && !connected)
    invalid(
      `the network ${privateNetwork} has no private connection to servicenetworking.googleapis.com`,
      CONNECTIVITY,
    );
  if (edition === 'ENTERPRISE_PLUS' && !tier.startsWith('db-perf-optimized'))
    invalid(`Invalid Tier (${tier}) for (ENTERPRISE_PLUS) Edition.`, EDITIONS);
  if (edition === 'ENTERPRISE' && (backupConfiguration.transactionLogRetentionDays ?? 1) > 7)
    invalid(
      'transactionLogRetentionDays: 1 to 7',
      schemaText('sqladmin.v1beta4#BackupConfiguration.transactionLogRetentionDays'),
    );
}

function instanceDefaults(instance: Instance, { world, name }: Context): ApiObject {
  const { region = '', settings = {} } = instance;
  const time = world.timestamp();
  const psc = settings.ipConfiguration?.pscConfig?.pscEnabled;
  return {
    kind: 'sql#instance',
    state: 'RUNNABLE',
    backendType: 'SECOND_GEN',
    instanceType: 'CLOUD_SQL_INSTANCE',
    project: world.projectId,
    connectionName: `${world.projectId}:${region}:${instance.name}`,
    selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/${name}`,
    serviceAccountEmailAddress: `p${world.projectNumber}-abc@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
    gceZone: `${region}-b`,
    maintenanceVersion: 'POSTGRES_16_4',
    databaseInstalledVersion: 'POSTGRES_16_4',
    createTime: time,
    serverCaCert: {
      kind: 'sql#sslCert',
      cert: 'x',
      commonName: 'x',
      createTime: time,
      expirationTime: time,
      sha1Fingerprint: 'x',
    },
    ipAddresses: settings.ipConfiguration?.privateNetwork
      ? [{ type: 'PRIVATE', ipAddress: '10.13.0.3' }]
      : [],
    dnsName: `0123456789ab.fedcba.${region}.sql.goog.`,
    ...(psc && {
      pscServiceAttachmentLink: `projects/a0abc123-tp/regions/${region}/serviceAttachments/a-0123456789ab-psc-service-attachment-0123`,
    }),
    settings: {
      kind: 'sql#settings',
      settingsVersion: '1',
      activationPolicy: 'ALWAYS',
      dataDiskSizeGb: '10',
      dataDiskType: 'PD_SSD',
      pricingPlan: 'PER_USE',
      storageAutoResizeLimit: '0',
      connectorEnforcement: 'NOT_REQUIRED',
      replicationType: 'SYNCHRONOUS',
      locationPreference: { kind: 'sql#locationPreference', zone: `${region}-b` },
      ...settings,
    },
  };
}

function sqlOperation({ id, type }: FinishedOperation, { world, name }: Context): ApiObject {
  const link = (path: string) => `https://sqladmin.googleapis.com/sql/v1beta4/${path}`;
  const time = world.timestamp();
  return {
    kind: 'sql#operation',
    name: id,
    status: 'DONE',
    operationType: type.toUpperCase(),
    targetId: lastSegment(name),
    targetLink: link(name),
    selfLink: link(`${name.split('/').slice(0, 2).join('/')}/operations/${id}`),
    insertTime: time,
    startTime: time,
    endTime: time,
  };
}
