import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription';
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ROTATION_SUBSCRIPTION } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import type { EncryptionKey } from '../encryption/encryption-key';

export interface RotationNoticeProps {
  readonly environment: Environment;
  /** Encrypts the messages, which contain names of secrets and no values. */
  readonly key: EncryptionKey;
}

/** Maximum of Pub/Sub. */
const RETENTION_SECONDS = 31 * 86_400;

/**
 * Topic to which Secret Manager publishes when a secret is due for rotation. A message stays until a person has
 * rotated the secret and acknowledges it; the observability stack has an alert on unacknowledged messages. PCI DSS
 * 8.6.3.
 */
export class RotationNotice extends Construct {
  public readonly topicId: string;
  /** Secrets with the topic depend on it. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RotationNoticeProps) {
    super(scope, id);
    const { environment, key } = props;
    const topic = new PubsubTopic(this, 'Topic', {
      name: ROTATION_SUBSCRIPTION,
      kmsKeyName: key.id,
      messageStoragePolicy: { allowedPersistenceRegions: [environment.region] },
      dependsOn: key.grants,
    });
    this.topicId = topic.id;
    new PubsubSubscription(this, 'Subscription', {
      name: ROTATION_SUBSCRIPTION,
      topic: topic.id,
      messageRetentionDuration: `${RETENTION_SECONDS}s`,
      // Never expires: without the subscription, notices would be lost.
      expirationPolicy: { ttl: '' },
    });
    this.ready = [
      new PubsubTopicIamMember(this, 'Publisher', {
        topic: topic.name,
        role: 'roles/pubsub.publisher',
        member: serviceAgentMember('secretManager', environment.project.number),
      }),
    ];
  }
}
