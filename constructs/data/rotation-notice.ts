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
  /** Encrypts the messages. They hold names of secrets, never values. */
  readonly key: EncryptionKey;
}

/** Long enough for holidays; after it the next notice comes. */
const KEPT_SECONDS = 31 * 86_400;

/**
 * Where Secret Manager says that a secret's value is due. Each message waits until somebody has made a new
 * value and acknowledged it; the observability stack raises a ticket while one waits. PCI DSS 8.6.3.
 */
export class RotationNotice extends Construct {
  public readonly topicId: string;
  /** What must exist before a secret names the topic. */
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
      messageRetentionDuration: `${KEPT_SECONDS}s`,
      // Never expires for want of a reader: that would silence the notices.
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
