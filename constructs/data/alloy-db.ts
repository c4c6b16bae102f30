import { AlloydbCluster } from '@cdktf/provider-google/lib/alloydb-cluster';
import { AlloydbInstance } from '@cdktf/provider-google/lib/alloydb-instance';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ALLOYDB_INSTANCE, databaseName, networkName, peeringRangeName } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';
import type { DatabaseConnectivity, DatabaseEngine, DatabaseEngineProps } from './database';

const SECONDS_A_DAY = 86_400;
const EVERY_DAY = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/**
 * AlloyDB: no public address, TLS only, IAM logins, data and backups under a customer-managed key, point-in-time
 * recovery. PCI DSS 1.4.4, 3.5.1, 4.2.1, 8.6.1.
 *
 * The provider has no deletion protection for AlloyDB, so production uses `prevent_destroy`.
 */
export class AlloyDb extends Construct implements DatabaseEngine {
  public readonly instance: AlloydbInstance;
  public readonly connectivity: DatabaseConnectivity;

  constructor(scope: Construct, id: string, props: DatabaseEngineProps) {
    super(scope, id);
    const { environment } = props;
    const { region, zones, project, database, production } = environment;
    const usesPrivateServiceConnect = database.connectivity === 'private-service-connect';

    const cluster = this.cluster(environment);
    this.instance = new AlloydbInstance(this, 'Primary', {
      cluster: cluster.name,
      instanceId: ALLOYDB_INSTANCE,
      instanceType: 'PRIMARY',
      availabilityType: database.availability.toUpperCase(),
      ...(database.availability === 'zonal' && { gceZone: `${region}-${zones[0]}` }),
      machineConfig: { cpuCount: database.cpuCount },
      clientConnectionConfig: { sslConfig: { sslMode: 'ENCRYPTED_ONLY' } },
      databaseFlags: {
        // https://cloud.google.com/alloydb/docs/database-users/manage-iam-auth
        'alloydb.iam_authentication': 'on',
        // Changes to schema and roles only: statements on rows would log personal data. Each database also needs the
        // extension: https://cloud.google.com/alloydb/docs/pgaudit/enable-audit
        'alloydb.enable_pgaudit': 'on',
        'pgaudit.log': 'ddl,role',
      },
      ...(usesPrivateServiceConnect && { pscInstanceConfig: { allowedConsumerProjects: [project.number] } }),
      lifecycle: { preventDestroy: production },
    });
    const { pscInstanceConfig, ipAddress } = this.instance;
    this.connectivity = usesPrivateServiceConnect
      ? {
          kind: 'private-service-connect',
          serviceAttachment: pscInstanceConfig.serviceAttachmentLink,
          dnsName: pscInstanceConfig.pscDnsName,
        }
      : { kind: 'private-services-access', address: ipAddress };
  }

  private cluster(environment: Environment): AlloydbCluster {
    const { mesh, region, project, database, production } = environment;
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: 'database',
      users: { AlloyDb: serviceAgentMember('alloydb', project.number) },
    });
    const encryptionConfig = { kmsKeyName: key.id };
    return new AlloydbCluster(this, 'Cluster', {
      clusterId: databaseName(environment),
      location: region,
      encryptionConfig,
      ...(database.connectivity === 'private-service-connect'
        ? { pscConfig: { pscEnabled: true } }
        : {
            networkConfig: {
              network: `projects/${project.number}/global/networks/${networkName(mesh.name)}`,
              allocatedIpRange: peeringRangeName(mesh.name),
            },
          }),
      continuousBackupConfig: {
        enabled: true,
        recoveryWindowDays: database.recoveryWindowDays,
        encryptionConfig,
      },
      automatedBackupPolicy: {
        enabled: true,
        location: region,
        weeklySchedule: { startTimes: [{ hours: 2 }], daysOfWeek: EVERY_DAY },
        timeBasedRetention: { retentionPeriod: `${database.backupRetentionDays * SECONDS_A_DAY}s` },
        encryptionConfig,
      },
      dependsOn: key.grants,
      lifecycle: { preventDestroy: production },
    });
  }
}
