import { secondsOf, type ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireName } from './names';

interface Subscription {
  readonly topic: string;
  readonly ackDeadlineSeconds?: number;
  readonly messageRetentionDuration?: string;
  readonly expirationPolicy?: { readonly ttl?: string };
  readonly pushConfig?: ApiObject;
}

const NAME = /^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;
const NAMES = page('pubsub/docs/pubsub-basics#resource_names');
const RETENTION = schemaText('pubsub.v1#Subscription.messageRetentionDuration');
const DAY_SECONDS = 86_400;

export const PUBSUB: Product = {
  identity: (_id, { name }) => ({ name, state: 'ACTIVE' }),
  kinds: {
    topics: kind({ check: (_topic, { name }) => requireName(name, NAME, NAMES) }),
    subscriptions: kind<Subscription>({
      check: (subscription, { name }) => {
        requireName(name, NAME, NAMES);
        const {
          messageRetentionDuration = '604800s',
          expirationPolicy,
          ackDeadlineSeconds = 10,
        } = subscription;
        const retention = secondsOf(messageRetentionDuration);
        if (retention < 600 || retention > 31 * DAY_SECONDS)
          invalid('messageRetentionDuration: 10 minutes to 31 days', RETENTION);
        if (expirationPolicy?.ttl !== undefined && secondsOf(expirationPolicy.ttl) < DAY_SECONDS)
          invalid(
            'expirationPolicy.ttl: at least 1 day',
            schemaText('pubsub.v1#Subscription.expirationPolicy'),
          );
        if (ackDeadlineSeconds !== 0 && (ackDeadlineSeconds < 10 || ackDeadlineSeconds > 600))
          invalid('ackDeadlineSeconds: 10 to 600', schemaText('pubsub.v1#Subscription.ackDeadlineSeconds'));
      },
      defaults: (subscription) => ({
        ackDeadlineSeconds: subscription.ackDeadlineSeconds || 10,
        messageRetentionDuration: subscription.messageRetentionDuration ?? '604800s',
        pushConfig: subscription.pushConfig ?? {},
        expirationPolicy: subscription.expirationPolicy ?? { ttl: '2678400s' },
      }),
    }),
  },
};
