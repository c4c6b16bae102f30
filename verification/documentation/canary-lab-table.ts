/** The figures of `verify canary-lab`, for docs/canary.md. */
import { markdownTable } from 'markdown-table';
import type { CanaryLabFigures } from '../canary-lab/figures';

/** One row per canary; the first of a scenario has its totals. */
export function renderCanaryLab({ speed, clientsPerSecond, measured }: CanaryLabFigures): string {
  return [
    `${clientsPerSecond} requests/s from clients${speed === 1 ? ', windows and intervals as in production' : `, windows and intervals ${speed} times shorter`}:`,
    '',
    markdownTable([
      [
        'scenario',
        'canary',
        'rollback controller',
        'detector',
        'first failed request to alert',
        'alert to end of workflow',
        'alert to every Envoy',
        'final weight',
        'failed or slow requests',
        'requests to v2 after the rollback',
      ],
      ...measured.flatMap(({ scenario, outcomes, failedRequests, requests }) =>
        outcomes.map((outcome, index) => [
          index === 0 ? scenario : '',
          outcome.service,
          outcome.action === undefined
            ? 'no action'
            : `${outcome.action}s`.replace('rollbacks', 'rolls back'),
          outcome.detector ?? '',
          time(outcome.alertSeconds),
          time(outcome.controllerSeconds),
          time(outcome.pushSeconds),
          `${outcome.weightPercent} %`,
          index === 0 ? `${failedRequests} of ${requests}` : '',
          outcome.later === undefined ? '' : String(outcome.later),
        ]),
      ),
    ]),
  ].join('\n');
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '' : `${seconds} s`;
}
