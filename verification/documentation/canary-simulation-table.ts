/** The outcomes of `verify simulate`, for docs/canary.md. */
import { markdownTable } from 'markdown-table';
import { METRIC_DELAY_MINUTES } from '../../model/canary/steps';
import { canary } from '../../model/schema/canary-schema';
import type { SimulatedOutcome, SimulatedSeries } from '../canary-simulation/experiment';
import type { Simulation } from '../canary-simulation/main';

const LONGEST_BAKE_MINUTES = canary.parse({}).longestBakeMinutes;

export function renderSimulation({ runs, weightPercent, series }: Simulation): string {
  const title = `${runs.toLocaleString('en')} releases each, canary at ${weightPercent} %`;
  return [
    `Healthy releases, ${title}: number of rollbacks during the bake time.`,
    '',
    markdownTable([
      [
        'objective',
        'requests/s to v2',
        'requests needed',
        'decides after',
        'bake time',
        'rolled back by our detectors',
        'by 2 failed checks',
        'by 5 failed checks',
      ],
      ...series.map((one) => [
        sloOf(one),
        String(one.canaryPerSecond),
        one.requestsNeeded.toLocaleString('en'),
        `${one.shortestMinutes} min`,
        `${one.bakeMinutes} min`,
        String(one.outcomes[0]?.rolledBack ?? 0),
        ...one.healthyByChecks.map(({ rolledBack }) => String(rolledBack)),
      ]),
    ]),
    '',
    `Without the delay of metrics: a real step bakes ${METRIC_DELAY_MINUTES} min longer than the decision takes. A step longer than \`longestBakeMinutes\` (default: ${LONGEST_BAKE_MINUTES} min) is refused unless the team raises that limit.`,
    '',
    `Failing releases, ${title}: share rolled back during the bake time, median time until the evidence reaches the threshold, failed requests until then.`,
    '',
    markdownTable([
      [
        'objective',
        'requests/s to v2',
        ...failing(series[0]).map(({ multiple }) => `${multiple} × the budget`),
      ],
      ...series.map((one) => [
        sloOf(one),
        String(one.canaryPerSecond),
        ...failing(one).map((outcome) => caught(outcome, runs)),
      ]),
    ]),
    '',
    `An outage of both versions at 20 × the budget, ${title}:`,
    '',
    markdownTable([
      ['objective', 'requests/s to v2', 'rolled back', 'paused'],
      ...series.map(({ shared, ...one }) => [
        sloOf(one),
        String(one.canaryPerSecond),
        String(shared.rolledBack),
        String(shared.paused),
      ]),
    ]),
    '',
    `Cloud Monitoring adds up to ${METRIC_DELAY_MINUTES} minutes until a request is in its metrics, and up to one minute until the next evaluation.`,
  ].join('\n');
}

function sloOf({ objective, targetPercent }: Pick<SimulatedSeries, 'objective' | 'targetPercent'>): string {
  return `${targetPercent} % ${objective === 'latency' ? 'in time' : 'succeed'}`;
}

function failing(one: SimulatedSeries | undefined): readonly SimulatedOutcome[] {
  return one?.outcomes.slice(1) ?? [];
}

function caught({ rolledBack, medianMinutes, medianFailedRequests }: SimulatedOutcome, runs: number): string {
  const share = `${Number(((rolledBack / runs) * 100).toPrecision(3))} %`;
  return medianMinutes === undefined ? share : `${share}, ${medianMinutes} min, ${medianFailedRequests}`;
}
