import type { Rule } from '../rule';

/** 65,536 addresses. */
const SHORTEST_PREFIX = 16;

export const webhookSourcesAreNarrow: Rule = {
  id: 'SEC-014',
  title: 'Source ranges of webhooks are narrow',
  severity: 'error',
  rationale:
    'Anyone who can send from a source range can call a webhook without a token, and a range of a cloud provider has many customers.',
  source: 'docs/decisions/0066-what-a-client-must-show.md',
  fix: `use the ranges that the third party publishes, /${SHORTEST_PREFIX} or narrower`,
  check: ({ services }) =>
    services.flatMap(({ name, ingress }) =>
      ingress.flatMap(({ webhook }, route) =>
        (webhook?.sourceRanges ?? []).flatMap((range, index) =>
          Number(range.split('/')[1]) >= SHORTEST_PREFIX
            ? []
            : [
                {
                  kind: 'service' as const,
                  name,
                  path: ['ingress', route, 'webhook', 'sourceRanges', index],
                  message: `${range} is wider than /${SHORTEST_PREFIX}`,
                },
              ],
        ),
      ),
    ),
};
