import type { ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { schemaText } from '../engine/source';
import { lastSegment } from '../engine/json';
import { RFC_1035, requireName } from './names';

interface Trigger {
  readonly transport?: { readonly pubsub?: ApiObject };
}

export const EVENTARC: Product = {
  kinds: {
    triggers: kind<Trigger>({
      check: (_trigger, { name }) =>
        requireName(name, RFC_1035, schemaText('eventarc.v1.projects.locations.triggers.create.triggerId')),
      defaults: ({ transport }, { world, name }) => ({
        transport: {
          pubsub: {
            ...transport?.pubsub,
            subscription: `projects/${world.projectId}/subscriptions/eventarc-${lastSegment(name)}-sub-001`,
          },
        },
        eventDataContentType: 'application/json',
      }),
    }),
  },
};
