import { servesStreamsOnly } from '../../streams';
import type { Rule } from '../rule';

export const canaryServesRequests: Rule = {
  id: 'CAN-006',
  title: 'A canary serves more than streams',
  severity: 'error',
  rationale:
    'Streams go to the stable version only, so the canary of a service with nothing else gets no requests, and no step ever has evidence.',
  source: 'docs/canary.md',
  fix: 'remove canary: a new version replaces the old one pod by pod, and cut streams are opened again',
  check: ({ services }) =>
    services.flatMap((service) =>
      service.canaryPolicy === undefined || !servesStreamsOnly(service, services)
        ? []
        : [
            {
              kind: 'service' as const,
              name: service.name,
              path: ['canary'],
              message: 'every request of the service is a stream',
            },
          ],
    ),
};
