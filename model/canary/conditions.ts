/** The inequalities of `decision.ts` in PromQL, with the same constants. */
import {
  successfulSelector,
  failedSelector,
  latencySelector,
  totalSelector,
  type Requests,
} from '../slo/requests';
import { orNone, type Span } from './spans';
import type { CanaryTest } from './tests';

export interface Conditions {
  /** Gross failure of the canary. */
  readonly gross: string;
  /** The canary's evidence reached the threshold. */
  readonly decisive: string;
  /** Worse than the stable version, by the counts of `gross` and of `decisive`. */
  readonly grosslyWorse: string;
  readonly decisivelyWorse: string;
}

export interface Versions {
  readonly canary: Requests;
  readonly stable: Requests;
}

/** Gross failure is counted over `fast`, evidence over `step`. */
export function failureConditions(
  { fast: { failedRequests, failureShare }, slow }: CanaryTest,
  versions: Versions,
  spans: { readonly fast: Span; readonly step: Span },
): Conditions {
  const counts = (requests: Requests, span: Span) => ({
    all: orNone(span.count(totalSelector(requests))),
    failed: orNone(span.count(failedSelector(requests))),
  });
  const worse = (span: Span) => {
    const canary = counts(versions.canary, span);
    const stable = counts(versions.stable, span);
    const tilt = `ln((${slow.multiple} * ${canary.all} + ${stable.all}) / (${canary.all} + ${stable.all}))`;
    const gain = Number(Math.log(slow.multiple).toPrecision(6));
    return `${gain} * ${canary.failed} - ${tilt} * (${canary.failed} + ${stable.failed}) >= ${slow.threshold}`;
  };
  const recent = counts(versions.canary, spans.fast);
  const step = counts(versions.canary, spans.step);
  return {
    gross: both(
      `${recent.failed} >= ${failedRequests}`,
      `${recent.failed} > ${failureShare} * ${recent.all}`,
    ),
    decisive: `${slow.gain} * ${step.failed} - ${slow.cost} * ${step.all} >= ${slow.threshold}`,
    grosslyWorse: worse(spans.fast),
    decisivelyWorse: worse(spans.step),
  };
}

/**
 * "More than a share s of the requests is slower than t" equals "the (1 - s) quantile is above t" if t is a bucket
 * boundary, as in the alerts of SLOs.
 *
 * @param boundaryMs responses count as slow from here on
 */
export function latencyConditions(
  { fast: { failedRequests, failureShare }, slow }: CanaryTest,
  versions: Versions,
  spans: { readonly fast: Span; readonly step: Span },
  boundaryMs: number,
): Conditions {
  const answered = (span: Span) => orNone(span.count(successfulSelector(versions.canary)));
  const grossShare = `clamp_min(${failedRequests} / ${answered(spans.fast)}, ${failureShare})`;
  const decisiveShare = `((${slow.threshold} / ${answered(spans.step)} + ${slow.cost}) / ${slow.gain})`;
  const distance = Number(Math.sqrt(slow.multiple).toPrecision(6));
  const quantile = (requests: Requests, span: Span, slowShare: string) =>
    `histogram_quantile(scalar(1 - ${slowShare}), ${span.count(latencySelector(requests), 'le')})`;
  const slowCanary = (span: Span, share: string) =>
    `${quantile(versions.canary, span, share)} > ${boundaryMs}`;
  const quickStable = (span: Span, share: string) =>
    `${quantile(versions.stable, span, `${share} / ${distance}`)} <= ${boundaryMs}`;
  return {
    gross: slowCanary(spans.fast, grossShare),
    decisive: slowCanary(spans.step, decisiveShare),
    grosslyWorse: quickStable(spans.fast, grossShare),
    decisivelyWorse: quickStable(spans.step, decisiveShare),
  };
}

export function both(left: string, right: string): string {
  return `(${left})\nand\n(${right})`;
}
