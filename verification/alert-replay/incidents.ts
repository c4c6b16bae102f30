/**
 * Synthetic incidents, and when an alert must fire in them: the times are those of the table that `mesh slo`
 * prints, so that the table is held against a real query engine.
 */
import type { Alert } from '../../model/slo/alerts';
import { detect } from '../../model/slo/detection';
import type { Objective, Subject } from '../../model/slo/subjects';
import type { BurnRateAlert } from '../../model/slo/burn-rate-alerts';
import type { Phase } from './traffic';

export interface Incident {
  readonly name: string;
  readonly phases: readonly Phase[];
  readonly checks: readonly Check[];
}

/** Whether the alert is firing, so long after the beginning. */
export interface Check {
  readonly minute: number;
  readonly firing: boolean;
}

export function burnIncidents(alert: Alert, objective: Objective): Incident[] {
  const replay = new Replay(alert, objective);
  const slowest = Math.min(...alert.burnRateAlerts.map(({ failureRatio }) => failureRatio));
  return [
    replay.violation('sudden outage and recovery', 1),
    replay.violation('slow burn', Math.min(1, 1.5 * slowest)),
    replay.below('just below every tier', 0.7 * slowest),
    ...replay.flapping(),
    replay.blip(),
    replay.lowTraffic('low traffic, one bad request below the floor', -1, false),
    replay.lowTraffic('low traffic, one bad request above the floor', 1, true),
    replay.gap(),
  ];
}

class Replay {
  private readonly burnRateAlerts: readonly BurnRateAlert[];
  /** Time before the incident, so that every window is full of good requests. */
  private readonly before: Phase;

  constructor(
    alert: Alert,
    private readonly objective: Objective,
  ) {
    this.burnRateAlerts = alert.burnRateAlerts;
    this.before = this.phase(Math.max(...alert.burnRateAlerts.map(({ longMinutes }) => longMinutes)), 0);
  }

  /** Fires when the table says, not a minute earlier, and ends when the short windows have forgotten. */
  violation(name: string, failureRatio: number): Incident {
    const due = this.dueMinutes(failureRatio);
    const start = this.before.minutes;
    const lasts = Math.floor(due) + 2;
    const forgotten = Math.max(...this.burnRateAlerts.map(({ shortMinutes }) => shortMinutes)) + 1;
    return {
      name: `${name}: ${Number((failureRatio * 100).toPrecision(3))} % bad, due after ${due} min`,
      phases: [this.before, this.phase(lasts, failureRatio), this.phase(forgotten, 0)],
      checks: [
        { minute: start + Math.ceil(due) - 1, firing: false },
        { minute: start + lasts, firing: true },
        { minute: start + lasts + forgotten, firing: false },
      ],
    };
  }

  /** For as long as the longest window. */
  below(name: string, failureRatio: number): Incident {
    const { minutes } = this.before;
    return {
      name,
      phases: [this.before, this.phase(minutes, failureRatio)],
      checks: [
        { minute: Math.floor(minutes * 1.5), firing: false },
        { minute: minutes * 2, firing: false },
      ],
    };
  }

  /** Two minutes of every ten fail: an alert on a single short window would come and go. */
  flapping(): Incident[] {
    const share = 0.2;
    const ratios = this.burnRateAlerts.map(({ failureRatio }) => failureRatio);
    if (ratios.some((ratio) => Math.abs(ratio - share) < 0.02)) return [];
    const rounds = Math.floor(this.before.minutes / 10);
    const round = [this.phase(8, 0), this.phase(2, 1)];
    return [
      {
        name: 'flapping, two minutes of every ten',
        phases: [this.before, ...Array.from({ length: rounds }, () => round).flat()],
        checks: [
          { minute: this.before.minutes + rounds * 10, firing: ratios.some((ratio) => ratio < share) },
        ],
      },
    ];
  }

  /** Half of what the table says an outage takes. */
  blip(): Incident {
    const failingMinutes = this.dueMinutes(1) / 2;
    const whole = Math.ceil(failingMinutes);
    const start = this.before.minutes;
    return {
      name: 'a blip of half the time',
      phases: [this.before, this.phase(whole, failingMinutes / whole), this.phase(3, 0)],
      checks: [whole, whole + 2].map((after) => ({ minute: start + after, firing: false })),
    };
  }

  /** Nothing but so many bad requests in one minute, after a time without any. */
  lowTraffic(name: string, beyondFloor: number, firing: boolean): Incident {
    const needed = Math.min(
      ...this.burnRateAlerts.map(({ floorFailedRequests, failureRatio }) =>
        this.objective.thresholdMs === undefined
          ? floorFailedRequests
          : Math.ceil(floorFailedRequests / failureRatio),
      ),
    );
    const expectsNoAlert = { ...this.before, requestsPerMinute: 0 };
    const burst = { ...this.phase(1, 1), requestsPerMinute: needed + beyondFloor };
    return {
      name,
      phases: [expectsNoAlert, burst, { ...expectsNoAlert, minutes: 1 }],
      checks: [{ minute: expectsNoAlert.minutes + 2, firing }],
    };
  }

  /** Data that is not there is no failure, and neither is its return. */
  gap(): Incident {
    const missing = 40;
    const start = this.before.minutes;
    return {
      name: 'a gap in the data',
      phases: [this.before, { ...this.phase(missing, 0), measured: false }, this.phase(30, 0)],
      checks: [5, missing - 1, missing + 1, missing + 30].map((after) => ({
        minute: start + after,
        firing: false,
      })),
    };
  }

  /** When the first tier is due, from the beginning of the fault. */
  private dueMinutes(failureRatio: number): number {
    const times = this.burnRateAlerts.flatMap(
      (burnRateAlert) => detect(burnRateAlert, this.objective, failureRatio)?.minutes ?? [],
    );
    if (times.length === 0) throw new Error(`no tier of '${this.objective.name}' fires at ${failureRatio}`);
    return Math.min(...times);
  }

  private phase(minutes: number, failureRatio: number): Phase {
    return {
      minutes,
      requestsPerMinute: this.objective.requestsPerSecond * 60,
      failureRatio,
      measured: true,
    };
  }
}

/** What an alert on silence must and must not take for silence. */
export function absenceIncidents(subject: Subject, windowMinutes: number): Incident[] {
  const requestsPerMinute = subject.requestsPerSecond * 60;
  const usual: Phase = { minutes: 2 * windowMinutes, requestsPerMinute, failureRatio: 0, measured: true };
  const start = usual.minutes;
  const ends = (name: string, expectsNoAlert: Partial<Phase>): Incident => ({
    name,
    phases: [usual, { ...usual, ...expectsNoAlert }, { ...usual, minutes: windowMinutes }],
    checks: [
      { minute: start, firing: false },
      { minute: start + windowMinutes - 2, firing: false },
      { minute: start + windowMinutes + 1, firing: true },
      { minute: start + usual.minutes + 2, firing: false },
    ],
  });
  return [
    ends('nobody asks any more', { requestsPerMinute: 0 }),
    ends('nothing is measured any more', { measured: false }),
    {
      name: 'a tenth of the usual requests',
      phases: [usual, { ...usual, requestsPerMinute: requestsPerMinute / 10 }],
      checks: [{ minute: 2 * start, firing: false }],
    },
    {
      name: 'every request fails, and is still a request',
      phases: [usual, { ...usual, failureRatio: 1 }],
      checks: [{ minute: 2 * start, firing: false }],
    },
  ];
}
