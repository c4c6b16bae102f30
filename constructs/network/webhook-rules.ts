import type { Environment } from '../../model/environment';
import { webhooksOf } from '../../model/webhooks';

/** Cloud Armor takes at most five conditions in one expression; path and host are two of them. */
const RANGES_IN_ONE_RULE = 3;
/** After the rule sets, before the rate limits of other clients. */
const FIRST_PRIORITY = 1_100;
const PRIORITIES_OF_ONE_WEBHOOK = 20;

/** For each webhook: a rate for its source addresses, and 403 for others. */
export function renderWebhookRules(
  environment: Environment,
  preview: boolean,
  perAddress: (requestsPerMinute: number) => object,
) {
  return webhooksOf(environment).flatMap(({ host, path, webhook }, index) => {
    const priority = FIRST_PRIORITY + index * PRIORITIES_OF_ONE_WEBHOOK;
    const request = `request.path == '${path}' && request.headers['host'].lower().startsWith('${host}')`;
    const { sourceRanges, requestsPerMinute } = webhook;
    const parts = Array.from({ length: Math.ceil(sourceRanges.length / RANGES_IN_ONE_RULE) }, (_, part) =>
      sourceRanges.slice(part * RANGES_IN_ONE_RULE, (part + 1) * RANGES_IN_ONE_RULE),
    );
    return [
      ...parts.map((ranges, part) => ({
        ...perAddress(requestsPerMinute),
        action: 'throttle',
        priority: priority + part,
        preview,
        description: `webhook ${host}${path}`.slice(0, 64),
        match: {
          expr: {
            expression: `${request} && (${ranges.map((range) => `inIpRange(origin.ip, '${range}')`).join(' || ')})`,
          },
        },
      })),
      {
        action: 'deny(403)',
        priority: priority + PRIORITIES_OF_ONE_WEBHOOK - 1,
        preview,
        description: `others at webhook ${host}${path}`.slice(0, 64),
        match: { expr: { expression: request } },
      },
    ];
  });
}
