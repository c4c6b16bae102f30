import type { Context } from '../engine/call';
import type { ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid, notNow } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { RFC_1035, requireName } from './names';

interface Cluster extends ApiObject {
  readonly continuousBackupConfig?: { readonly recoveryWindowDays?: number };
  readonly pscConfig?: { readonly pscEnabled?: boolean };
  readonly networkConfig?: { readonly network?: string };
  readonly databaseVersion?: string;
  readonly subscriptionType?: string;
}
interface Instance extends ApiObject {
  readonly gceZone?: string;
  readonly availabilityType?: string;
  readonly machineConfig?: { readonly cpuCount?: number };
  readonly queryInsightsConfig?: ApiObject;
  readonly clientConnectionConfig?: ApiObject & { readonly sslConfig?: ApiObject };
  readonly pscInstanceConfig?: ApiObject;
}

const NETWORK = page('alloydb/docs/configure-connectivity');
const CPUS = page('alloydb/docs/choose-machine-type');
const NO_UID: ApiObject = { etag: undefined };

export const ALLOYDB: Product = {
  kinds: {
    clusters: kind<Cluster>({
      check: (cluster, { name }) => {
        requireName(name, RFC_1035, schemaText('alloydb.v1#Cluster.name'));
        const days = cluster.continuousBackupConfig?.recoveryWindowDays;
        if (days !== undefined && (days < 1 || days > 35))
          invalid('recoveryWindowDays: 1 to 35', page('alloydb/docs/backup/configure#continuous'));
        if (!cluster.pscConfig?.pscEnabled && cluster.networkConfig?.network === undefined)
          invalid('a network or Private Service Connect is required', NETWORK);
      },
      defaults: (cluster, { world }) => ({
        ...NO_UID,
        state: 'READY',
        clusterType: 'PRIMARY',
        databaseVersion: cluster.databaseVersion ?? 'POSTGRES_16',
        subscriptionType: cluster.subscriptionType ?? 'STANDARD',
        encryptionInfo: { encryptionType: 'CUSTOMER_MANAGED_ENCRYPTION' },
        continuousBackupInfo: { enabledTime: world.timestamp() },
        primaryConfig: {},
        network: cluster.networkConfig?.network,
        ...(cluster.pscConfig && {
          pscConfig: { ...cluster.pscConfig, serviceOwnedProjectNumber: '556677889900' },
        }),
      }),
      deleting: (_cluster, { world, name, call }) => {
        const instances = world.children('alloydb', `${name}/instances`);
        if (call.query.get('force') !== 'true' && instances.length > 0)
          notNow(
            `The cluster '${name}' has instances`,
            schemaText('alloydb.v1.projects.locations.clusters.delete.force'),
          );
      },
      deleted: (_cluster, { world, name }) => {
        for (const collection of ['users', 'instances'])
          for (const child of world.children('alloydb', `${name}/${collection}`))
            world.remove('alloydb', String(child['name']));
      },
    }),
    instances: kind<Instance>({ check: checkInstance, defaults: instanceDefaults }),
    users: kind<{ readonly userType?: string; readonly password?: string }>({
      check: ({ userType, password }) => {
        if (userType === 'ALLOYDB_IAM_USER' && password)
          invalid('an IAM user has no password', page('alloydb/docs/database-users/manage-iam-auth'));
      },
    }),
  },
};

function checkInstance({ gceZone, availabilityType, machineConfig }: Instance, { name }: Context): void {
  requireName(name, RFC_1035, schemaText('alloydb.v1#Instance.name'));
  if (gceZone !== undefined && availabilityType === 'REGIONAL')
    invalid('gceZone is for zonal instances', schemaText('alloydb.v1#Instance.gceZone'));
  const cpus = machineConfig?.cpuCount;
  if (cpus !== undefined && ![1, 2, 4, 8, 16, 32, 48, 64, 96, 128].includes(Number(cpus)))
    invalid(`${cpus} vCPUs are not a machine type`, CPUS);
}

/** In the range that the peering reserves; none with Private Service Connect. */
function privateAddress({ world, name }: Context): string {
  const [cluster = ''] = name.split('/instances/');
  const { networkConfig } = (world.get('alloydb', cluster) ?? {}) as Cluster;
  if (networkConfig?.network === undefined) return '';
  const [, range] = world.entries().find(([, { purpose }]) => purpose === 'VPC_PEERING') ?? [];
  const address = range?.['address'];
  return typeof address === 'string' ? address.replace(/\d+$/, '2') : '';
}

function instanceDefaults(instance: Instance, context: Context): ApiObject {
  const { name } = context;
  const location = name.split('/')[3] ?? '';
  const { clientConnectionConfig = {}, pscInstanceConfig } = instance;
  return {
    ...NO_UID,
    state: 'READY',
    ipAddress: privateAddress(context),
    availabilityType: instance.availabilityType ?? 'REGIONAL',
    writableNode: { zoneId: `${location}-b` },
    queryInsightsConfig: {
      recordApplicationTags: false,
      recordClientAddress: false,
      queryStringLength: 1_024,
      queryPlansPerMinute: 5,
      ...instance.queryInsightsConfig,
    },
    machineConfig: {
      machineType: `n2-highmem-${instance.machineConfig?.cpuCount ?? 2}`,
      ...instance.machineConfig,
    },
    clientConnectionConfig: {
      requireConnectors: false,
      ...clientConnectionConfig,
      sslConfig: {
        sslMode: 'ENCRYPTED_ONLY',
        caSource: 'CA_SOURCE_MANAGED',
        ...clientConnectionConfig.sslConfig,
      },
    },
    ...(pscInstanceConfig && {
      pscInstanceConfig: {
        ...pscInstanceConfig,
        serviceAttachmentLink: `https://www.googleapis.com/compute/v1/projects/u0abc123def456-tp/regions/${location}/serviceAttachments/alloydb-11223344-5566-7788-9900-aabbccddeeff`,
        pscDnsName: `11223344.5566aabb.${location}.alloydb-psc.goog.`,
      },
    }),
  };
}
