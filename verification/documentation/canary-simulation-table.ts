/** The tables of docs/canary.md. */
import { METRIC_DELAY_MINUTES } from '../../model/canary/steps';
import { canary } from '../../model/schema/canary-schema';
import type { Outcome, Series } from '../canary-simulation/experiment';
import type { Simulation } from '../canary-simulation/main';

const LONGEST_BAKE_MINUTES = canary.parse({}).longestBakeMinutes;

export function renderSimulation({ runs, weightPercent, series }: Simulation): string {
  const title = `${runs.toLocaleString('en')} releases each, canary at ${weightPercent} %`;
  return [
    `Healthy releases, ${title}: how many are rolled back while they bake.`,
    '',
    ...table(
      [
        'promise',
        'requests/s to v2',
        'needs requests',
        'decides after',
        'bakes',
        'rolled back here',
        'by 2 failed checks',
        'by 5 failed checks',
      ],
      series.map((one) => [
        sloOf(one),
        String(one.canaryPerSecond),
        one.requestsNeeded.toLocaleString('en'),
        `${one.shortestMinutes} min`,
        `${one.bakeMinutes} min`,
        String(one.outcomes[0]?.rolledBack ?? 0),
        ...one.healthyByChecks.map(({ rolledBack }) => String(rolledBack)),
      ]),
    ),
    '',
    `Without the delay of metrics: a real step bakes ${METRIC_DELAY_MINUTES} min longer than it takes to decide. One that takes more than \`longestBakeMinutes\` is refused unless a team raises that; by default it is ${LONGEST_BAKE_MINUTES} min.`,
    '',
    `Faulty releases, ${title}: share caught while they bake, median time until the counts convict, bad requests until then.`,
    '',
    ...table(
      [
        'promise',
        'requests/s to v2',
        ...failing(series[0]).map(({ multiple }) => `${multiple} × the budget`),
      ],
      series.map((one) => [
        sloOf(one),
        String(one.canaryPerSecond),
        ...failing(one).map((outcome) => caught(outcome, runs)),
      ]),
    ),
    '',
    `An outage that hits both versions, 20 × the budget, ${title}:`,
    '',
    ...table(
      ['promise', 'requests/s to v2', 'rolled back', 'paused'],
      series.map(({ shared, ...one }) => [
        sloOf(one),
        String(one.canaryPerSecond),
        String(shared.rolledBack),
        String(shared.paused),
      ]),
    ),
    '',
    `Cloud Monitoring adds up to ${METRIC_DELAY_MINUTES} minutes until it sees a request, and up to one until it looks.`,
  ].join('\n');
}

function sloOf({ objective, targetPercent }: Pick<Series, 'objective' | 'targetPercent'>): string {
  return `${targetPercent} % ${objective === 'latency' ? 'in time' : 'succeed'}`;
}

function failing(one: Series | undefined): readonly Outcome[] {
  return one?.outcomes.slice(1) ?? [];
}

function caught({ rolledBack, medianMinutes, medianFailedRequests }: Outcome, runs: number): string {
  const share = `${Number(((rolledBack / runs) * 100).toPrecision(3))} %`;
  return medianMinutes === undefined ? share : `${share}, ${medianMinutes} min, ${medianFailedRequests}`;
}

/** Aligned as the formatter wants it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
