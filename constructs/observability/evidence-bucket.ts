import { DataGoogleLoggingProjectCmekSettings } from '@cdktf/provider-google/lib/data-google-logging-project-cmek-settings';
import { LoggingProjectBucketConfig } from '@cdktf/provider-google/lib/logging-project-bucket-config';
import { LoggingProjectExclusion } from '@cdktf/provider-google/lib/logging-project-exclusion';
import { LoggingProjectSink } from '@cdktf/provider-google/lib/logging-project-sink';
import { ProjectIamAuditConfig } from '@cdktf/provider-google/lib/project-iam-audit-config';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { evidenceStreams } from '../../model/evidence';
import { logBucketName } from '../../model/naming';
import { SENSITIVE_ENTRIES } from '../../model/sensitive-urls';
import { EncryptionKey } from '../encryption/encryption-key';

/** Entries that are stored nowhere. A security alert counts them. PCI DSS 3.3.1, 3.5.1. */
const SENSITIVE_URLS = {
  name: 'sensitive-urls',
  description: 'Requests with a card number or a credential in the URL',
  filter: SENSITIVE_ENTRIES,
};

export interface EvidenceBucketProps {
  readonly environment: Environment;
}

/**
 * PCI DSS evidence: a log bucket of its own under a customer-managed key, with the retention of the environment file,
 * and immutable once locked. Also enables data access audit logs, which Google disables by default. PCI DSS 10.2.1,
 * 10.3.2, 10.3.3, 10.5.1.
 */
export class EvidenceBucket extends Construct {
  constructor(scope: Construct, id: string, props: EvidenceBucketProps) {
    super(scope, id);
    const { environment } = props;
    const { project } = environment;

    new ProjectIamAuditConfig(this, 'AuditConfig', {
      project: project.id,
      service: 'allServices',
      auditLogConfig: ['ADMIN_READ', 'DATA_READ', 'DATA_WRITE'].map((logType) => ({ logType })),
    });

    const bucket = this.bucket(environment);
    // Without a grant: a bucket of the sink's own project needs none (logging.v2, LogSink.writerIdentity).
    new LoggingProjectExclusion(this, 'SensitiveUrls', { project: project.id, ...SENSITIVE_URLS });
    for (const { name, description, filter, hasUrls } of evidenceStreams(project.id)) {
      new LoggingProjectSink(this, `${name}-sink`, {
        name: `evidence-${name}`,
        description,
        destination: `logging.googleapis.com/${bucket.id}`,
        filter,
        uniqueWriterIdentity: true,
        ...(hasUrls && { exclusions: [SENSITIVE_URLS] }),
      });
    }
  }

  private bucket(environment: Environment): LoggingProjectBucketConfig {
    const { mesh, region, project, logs, production } = environment;
    // Only Cloud Logging's API returns the service account that uses the key.
    const settings = new DataGoogleLoggingProjectCmekSettings(this, 'CmekSettings', { project: project.id });
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: 'evidence',
      users: { Logging: `serviceAccount:${settings.serviceAccountId}` },
    });
    return new LoggingProjectBucketConfig(this, 'Bucket', {
      project: project.id,
      location: region,
      bucketId: logBucketName(mesh.name),
      description: 'Audit, access and network logs',
      retentionDays: logs.retentionDays,
      locked: logs.locked === true,
      enableAnalytics: true,
      cmekSettings: { kmsKeyName: key.id },
      dependsOn: key.grants,
      lifecycle: { preventDestroy: production },
    });
  }
}
