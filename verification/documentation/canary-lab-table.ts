/** What `npm run lab:canary` measured, for docs/canary.md. */
import { table } from './canary-simulation-table';

export const LAB_FILE = 'docs/generated/canary-lab.json';

/** What came of one canary. */
export interface Outcome {
  readonly service: string;
  /** What the guard did first, and on whose word; left out if it did nothing. */
  readonly action?: 'rollback' | 'pause';
  readonly detector?: string;
  /** From the first bad answer to the alert. */
  readonly alertSeconds?: number;
  /** From the alert until the workflow had ended. */
  readonly controllerSeconds?: number;
  /** From the alert until every proxy had the weights that are left. */
  readonly pushSeconds?: number;
  /** In the routes of the API server, when all is over. */
  readonly weightPercent: number;
  /** Requests that reached a canary after it had been rolled back. */
  readonly later?: number;
}

export interface Played {
  readonly scenario: string;
  readonly requests: number;
  readonly failedRequests: number;
  readonly outcomes: readonly Outcome[];
}

export interface LabFigures {
  readonly speed: number;
  readonly clientsPerSecond: number;
  readonly measured: readonly Played[];
}

/** A row a canary; what is said of the whole scenario stands in the first. */
export function renderLab({ speed, clientsPerSecond, measured }: LabFigures): string {
  return [
    `${clientsPerSecond} requests/s of visitors${speed === 1 ? ', windows and intervals as in production' : `, windows and intervals ${speed} times shorter`}:`,
    '',
    ...table(
      [
        'from one moment on',
        'canary',
        'the guard',
        'on the word of',
        'first bad answer to alert',
        'alert to the end of the workflow',
        'alert to every Envoy',
        'left at',
        'bad answers',
        'requests to v2 afterwards',
      ],
      measured.flatMap(({ scenario, outcomes, failedRequests, requests }) =>
        outcomes.map((outcome, index) => [
          index === 0 ? scenario : '',
          outcome.service,
          outcome.action === undefined
            ? 'does nothing'
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
    ),
  ].join('\n');
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '' : `${seconds} s`;
}
