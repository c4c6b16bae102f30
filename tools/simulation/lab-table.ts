/** What `npm run lab:canary` measured, for docs/canary.md. */
import { table } from './tables';

export const LAB_FILE = 'docs/generated/canary-lab.json';

export interface LabFigures {
  readonly speed: number;
  readonly weightPercent: number;
  readonly visitorsPerSecond: number;
  readonly measured: readonly {
    readonly fault: string;
    readonly detector?: string;
    readonly alertSeconds?: number;
    readonly pushSeconds?: number;
    readonly later?: number;
    readonly requests: number;
    readonly badRequests: number;
  }[];
}

export function renderLab({ speed, weightPercent, visitorsPerSecond, measured }: LabFigures): string {
  return [
    `${visitorsPerSecond} requests/s of visitors, ${weightPercent} % of them to v2${speed === 1 ? ', windows and intervals as in production' : `, windows and intervals ${speed} times shorter`}:`,
    '',
    ...table(
      [
        'v2, from one moment on',
        'detector',
        'first bad answer to alert',
        'alert to 100/0 in every Envoy',
        'bad answers',
        'answers of v2 afterwards',
      ],
      measured.map((one) => [
        one.fault,
        one.detector ?? 'none',
        time(one.alertSeconds),
        time(one.pushSeconds),
        `${one.badRequests} of ${one.requests}`,
        one.detector === undefined ? '' : String(one.later),
      ]),
    ),
  ].join('\n');
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '' : `${seconds} s`;
}
