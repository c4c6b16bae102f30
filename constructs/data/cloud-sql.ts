import { SqlDatabaseInstance } from '@cdktf/provider-google/lib/sql-database-instance';
import { Construct } from 'constructs';
import { databaseName, networkName, peeringRangeName } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';
import type { DatabaseConnectivity, DatabaseEngine, DatabaseEngineProps } from './database';

/** Maximum retention of transaction logs in the Enterprise edition. */
const LONGEST_RECOVERY_WINDOW_DAYS = 7;

const MEMORY_MIB_A_CPU = 4_096;

/**
 * Cloud SQL for PostgreSQL, cheaper than AlloyDB: no public address, TLS only, IAM logins, a customer-managed key,
 * point-in-time recovery. PCI DSS 1.4.4, 3.5.1, 4.2.1, 8.6.1.
 */
export class CloudSql extends Construct implements DatabaseEngine {
  public readonly instance: SqlDatabaseInstance;
  public readonly connectivity: DatabaseConnectivity;

  constructor(scope: Construct, id: string, props: DatabaseEngineProps) {
    super(scope, id);
    const { environment } = props;
    const { mesh, region, project, database, deletionProtection, production } = environment;
    const usesPrivateServiceConnect = database.connectivity === 'private-service-connect';
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: 'database',
      users: { CloudSql: serviceAgentMember('cloudSql', project.number) },
    });

    this.instance = new SqlDatabaseInstance(this, 'Primary', {
      name: databaseName(environment),
      region,
      databaseVersion: 'POSTGRES_16',
      encryptionKeyName: key.id,
      deletionProtection,
      settings: {
        tier: `db-custom-${database.cpuCount}-${database.cpuCount * MEMORY_MIB_A_CPU}`,
        edition: 'ENTERPRISE',
        availabilityType: database.availability.toUpperCase(),
        // The provider's default labels do not apply here.
        userLabels: { mesh: mesh.name, environment: environment.name },
        deletionProtectionEnabled: deletionProtection,
        diskAutoresize: true,
        backupConfiguration: {
          enabled: true,
          startTime: '02:00',
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: Math.min(database.recoveryWindowDays, LONGEST_RECOVERY_WINDOW_DAYS),
          backupRetentionSettings: { retainedBackups: database.backupRetentionDays, retentionUnit: 'COUNT' },
        },
        ipConfiguration: {
          ipv4Enabled: false,
          sslMode: 'ENCRYPTED_ONLY',
          ...(usesPrivateServiceConnect
            ? { pscConfig: [{ pscEnabled: true, allowedConsumerProjects: [project.id] }] }
            : {
                privateNetwork: `projects/${project.id}/global/networks/${networkName(mesh.name)}`,
                allocatedIpRange: peeringRangeName(mesh.name),
              }),
        },
        databaseFlags: Object.entries(FLAGS).map(([name, value]) => ({ name, value })),
        insightsConfig: { queryInsightsEnabled: true },
      },
      dependsOn: key.grants,
      lifecycle: { preventDestroy: production },
    });
    this.connectivity = usesPrivateServiceConnect
      ? {
          kind: 'private-service-connect',
          serviceAttachment: this.instance.pscServiceAttachmentLink,
          dnsName: this.instance.dnsName,
        }
      : { kind: 'private-services-access', address: this.instance.privateIpAddress };
  }
}

/** IAM logins, and logs of connections, lock waits, and changes to schema and roles. */
const FLAGS = {
  'cloudsql.iam_authentication': 'on',
  'cloudsql.enable_pgaudit': 'on',
  'pgaudit.log': 'ddl,role',
  log_checkpoints: 'on',
  log_connections: 'on',
  log_disconnections: 'on',
  log_duration: 'on',
  log_hostname: 'on',
  log_lock_waits: 'on',
  log_min_error_statement: 'error',
  log_min_messages: 'warning',
} as const;
