/** Alerts as PromQL: what Terraform hands to Cloud Monitoring, and what the synthetic incidents are replayed through. */
import { promDuration } from '../queries';
import { answeredSelector, badSelector, latencySelector, totalSelector, type Requests } from './requests';
import type { Objective } from './subjects';
import { answersAsked, type Tier } from './tiers';

/** Fires while any of the tiers does: a policy takes one PromQL condition only. */
export function burnExpression(
  requests: Requests,
  objective: Pick<Objective, 'thresholdMs'>,
  tiers: readonly Tier[],
): string {
  return tiers.map((tier) => `(\n${tierExpression(requests, objective, tier)}\n)`).join('\nor\n');
}

/** Both windows and the floor, in one expression. */
function tierExpression(
  requests: Requests,
  { thresholdMs }: Pick<Objective, 'thresholdMs'>,
  tier: Tier,
): string {
  const windows = [tier.longMinutes, tier.shortMinutes];
  const parts =
    thresholdMs === undefined
      ? [...windows.map((minutes) => failedShare(requests, tier, minutes)), failedFloor(requests, tier)]
      : [
          ...windows.map((minutes) => slowShare(requests, tier, thresholdMs, minutes)),
          slowFloor(requests, tier),
        ];
  return parts.join('\nand\n');
}

function failedShare(requests: Requests, { badRatio }: Tier, minutes: number): string {
  const sum = (selector: string) => `sum(rate(${selector}[${promDuration(minutes)}]))`;
  return `${sum(badSelector(requests))} / ${sum(totalSelector(requests))} > ${badRatio}`;
}

function failedFloor(requests: Requests, { floorBadRequests, longMinutes }: Tier): string {
  return `sum(increase(${badSelector(requests)}[${promDuration(longMinutes)}])) >= ${floorBadRequests}`;
}

/**
 * "More than r of the answers are slower than t" is "the (1 - r) quantile is above t". Asked this way the
 * threshold need not be a bucket boundary of the histogram, which Google chooses.
 */
function slowShare(requests: Requests, { badRatio }: Tier, thresholdMs: number, minutes: number): string {
  const quantile = Number((1 - badRatio).toPrecision(6));
  const buckets = `sum by (le) (rate(${latencySelector(requests)}[${promDuration(minutes)}]))`;
  return `histogram_quantile(${quantile}, ${buckets}) > ${thresholdMs}`;
}

function slowFloor(requests: Requests, { badRatio, floorBadRequests, longMinutes }: Tier): string {
  const answers = answersAsked(floorBadRequests, badRatio);
  return `sum(increase(${answeredSelector(requests)}[${promDuration(longMinutes)}])) >= ${answers}`;
}

/** True while not one request is seen: nobody gets in, or nothing is measured, and no other alert would tell. */
export function silenceExpression(requests: Requests, minutes: number): string {
  return `absent(sum(increase(${totalSelector(requests)}[${promDuration(minutes)}])) > 0)`;
}
