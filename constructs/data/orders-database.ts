import { AlloydbCluster } from '@cdktf/provider-google/lib/alloydb-cluster';
import { AlloydbInstance } from '@cdktf/provider-google/lib/alloydb-instance';
import { SqlDatabaseInstance } from '@cdktf/provider-google/lib/sql-database-instance';
import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { databaseName } from '../../model/naming';

export interface OrdersDatabaseProps {
  readonly environment: Environment;
}

/**
 * PostgreSQL for the orders, as AlloyDB or Cloud SQL: no public address, TLS only, people and services log in
 * by IAM, and any second of the recovery window can be restored. PCI DSS 1.4.4, 3.5, 4.2.1.
 *
 * Clients in the network reach it through Private Service Connect at an address of our own.
 */
export class OrdersDatabase extends Construct {
  public readonly instance: TerraformResource;
  /** What the private endpoint connects to. */
  public readonly serviceAttachment: string;
  /** The host name by which the database's own certificate calls it. */
  public readonly dnsName: string;

  constructor(scope: Construct, id: string, props: OrdersDatabaseProps) {
    super(scope, id);
    const { environment } = props;
    if (environment.database.engine === 'alloydb') {
      const instance = this.alloyDb(environment);
      this.instance = instance;
      const connection = instance.pscInstanceConfig;
      this.serviceAttachment = connection.serviceAttachmentLink;
      this.dnsName = connection.pscDnsName;
    } else {
      const instance = this.cloudSql(environment);
      this.instance = instance;
      this.serviceAttachment = instance.pscServiceAttachmentLink;
      this.dnsName = instance.dnsName;
    }
  }

  private alloyDb({ mesh, region, zones, project, database, production }: Environment): AlloydbInstance {
    const cluster = new AlloydbCluster(this, 'Cluster', {
      clusterId: databaseName(mesh.name),
      location: region,
      pscConfig: { pscEnabled: true },
      continuousBackupConfig: { enabled: true, recoveryWindowDays: database.recoveryWindowDays },
      automatedBackupPolicy: {
        enabled: true,
        location: region,
        weeklySchedule: { startTimes: [{ hours: 2 }], daysOfWeek: EVERY_DAY },
        timeBasedRetention: { retentionPeriod: `${database.backupRetentionDays * 86_400}s` },
      },
      // This provider has no deletion protection for AlloyDB.
      lifecycle: { preventDestroy: production },
    });
    return new AlloydbInstance(this, 'Primary', {
      cluster: cluster.name,
      instanceId: 'primary',
      instanceType: 'PRIMARY',
      availabilityType: database.availability.toUpperCase(),
      ...(database.availability === 'zonal' && { gceZone: `${region}-${zones[0]}` }),
      machineConfig: { cpuCount: database.cpuCount },
      clientConnectionConfig: { sslConfig: { sslMode: 'ENCRYPTED_ONLY' } },
      databaseFlags: { 'alloydb.iam_authentication': 'on' },
      pscInstanceConfig: { allowedConsumerProjects: [project.number] },
      lifecycle: { preventDestroy: production },
    });
  }

  private cloudSql(environment: Environment): SqlDatabaseInstance {
    const { mesh, region, project, database, deletionProtection, production } = environment;
    return new SqlDatabaseInstance(this, 'Primary', {
      name: databaseName(mesh.name),
      region,
      databaseVersion: 'POSTGRES_16',
      deletionProtection,
      settings: {
        tier: `db-custom-${database.cpuCount}-${database.cpuCount * 4_096}`,
        edition: 'ENTERPRISE',
        availabilityType: database.availability.toUpperCase(),
        deletionProtectionEnabled: deletionProtection,
        backupConfiguration: {
          enabled: true,
          startTime: '02:00',
          pointInTimeRecoveryEnabled: true,
          // Enterprise edition keeps a week of log at most.
          transactionLogRetentionDays: Math.min(database.recoveryWindowDays, 7),
          backupRetentionSettings: { retainedBackups: database.backupRetentionDays, retentionUnit: 'COUNT' },
        },
        ipConfiguration: {
          ipv4Enabled: false,
          sslMode: 'ENCRYPTED_ONLY',
          pscConfig: [{ pscEnabled: true, allowedConsumerProjects: [project.id] }],
        },
        databaseFlags: [{ name: 'cloudsql.iam_authentication', value: 'on' }],
      },
      lifecycle: { preventDestroy: production },
    });
  }
}

const EVERY_DAY = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
