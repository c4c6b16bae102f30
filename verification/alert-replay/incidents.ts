/**
 * Synthetic incidents, and when an alert must fire in them. The expected times are those that `mesh slo` prints, so
 * this also tests that table against a real query engine.
 */
import type { Alert } from '../../model/slo/alerts';
import { detect } from '../../model/slo/detection';
import type { Objective, SloSubject } from '../../model/slo/subjects';
import type { BurnRateAlert } from '../../model/slo/burn-rate-alerts';
import { latencyCases } from './latency-incidents';
import type { SampleTimes } from './sample-times';
import type { Phase } from './traffic';

export interface ReplayedIncident {
  readonly name: string;
  readonly phases: readonly Phase[];
  readonly checks: readonly Check[];
}

/** Whether the alert is firing at a time after the start. */
export interface Check {
  readonly minute: number;
  readonly firing: boolean;
}

export function burnIncidents(alert: Alert, objective: Objective, times: SampleTimes): ReplayedIncident[] {
  const replay = new Replay(alert, objective, times);
  const slowest = Math.min(...alert.burnRateAlerts.map(({ failureRatio }) => failureRatio));
  return [
    replay.outage('sudden outage and recovery', 1),
    replay.outage('slow burn', Math.min(1, 1.5 * slowest)),
    replay.below('just below every threshold', 0.7 * slowest),
    ...replay.flapping(),
    replay.blip(),
    replay.lowTraffic('low traffic, one failed request below the minimum', -1, false),
    replay.lowTraffic('low traffic, one failed request above the minimum', 1, true),
    replay.gap(),
    ...replay.latenciesNearThreshold(),
  ];
}

class Replay {
  private readonly burnRateAlerts: readonly BurnRateAlert[];
  /** Before the incident: fills every window with successful requests. */
  private readonly before: Phase;

  constructor(
    alert: Alert,
    private readonly objective: Objective,
    private readonly times: SampleTimes,
  ) {
    this.burnRateAlerts = alert.burnRateAlerts;
    this.before = this.phase(Math.max(...alert.burnRateAlerts.map(({ longMinutes }) => longMinutes)), 0);
  }

  /** Fires at the time in the table and not a minute earlier; ends when the short windows have passed. */
  outage(name: string, failureRatio: number): ReplayedIncident {
    const due = this.dueMinutes(failureRatio);
    const start = this.before.minutes;
    const { errorMinutes } = this.times;
    const lasts = Math.floor(due) + 2 + errorMinutes;
    const recovery =
      Math.max(...this.burnRateAlerts.map(({ shortMinutes }) => shortMinutes)) + 1 + errorMinutes;
    return {
      name: `${name}: ${Number((failureRatio * 100).toPrecision(3))} % failed, due after ${due} min`,
      phases: [this.before, this.phase(lasts, failureRatio), this.phase(recovery, 0)],
      checks: [
        { minute: start + Math.ceil(due) - 1 - errorMinutes, firing: false },
        { minute: start + lasts, firing: true },
        { minute: start + lasts + recovery, firing: false },
      ],
    };
  }

  /** For as long as the longest window. */
  below(name: string, failureRatio: number): ReplayedIncident {
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

  /** Two minutes of every ten fail: an alert on a single short window would fire and resolve in turn. */
  flapping(): ReplayedIncident[] {
    const share = 0.2;
    const ratios = this.burnRateAlerts.map(({ failureRatio }) => failureRatio);
    if (ratios.some((ratio) => Math.abs(ratio - share) < 0.02 + this.times.errorShare)) return [];
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

  /** An outage of half the time that the table gives. */
  blip(): ReplayedIncident {
    const failingMinutes = this.dueMinutes(1) / 2;
    const whole = Math.ceil(failingMinutes);
    const start = this.before.minutes;
    return {
      name: 'a blip of half the time',
      phases: [this.before, this.phase(whole, failingMinutes / whole), this.phase(3, 0)],
      checks: [whole, whole + 2].map((after) => ({ minute: start + after, firing: false })),
    };
  }

  /** No traffic, then one minute of failed requests only. */
  lowTraffic(name: string, beyondMinimum: number, firing: boolean): ReplayedIncident {
    const needed = Math.min(
      ...this.burnRateAlerts.map(({ floorFailedRequests, failureRatio }) =>
        this.objective.thresholdMs === undefined
          ? floorFailedRequests
          : Math.ceil(floorFailedRequests / failureRatio),
      ),
    );
    const error = Math.sign(beyondMinimum) * Math.ceil(this.times.errorShare * needed);
    const noTraffic = { ...this.before, requestsPerMinute: 0 };
    const burst = { ...this.phase(1, 1), requestsPerMinute: needed + beyondMinimum + error };
    return {
      name,
      phases: [noTraffic, burst, { ...noTraffic, minutes: 1 + this.times.errorMinutes }],
      checks: [{ minute: noTraffic.minutes + 2 + this.times.errorMinutes, firing }],
    };
  }

  /** Missing metrics are not a failure, and neither is their return. */
  gap(): ReplayedIncident {
    const missing = 40;
    const start = this.before.minutes;
    return {
      name: 'a gap in the metrics',
      phases: [this.before, { ...this.phase(missing, 0), measured: false }, this.phase(30, 0)],
      checks: [5, missing - 1, missing + 1, missing + 30].map((after) => ({
        minute: start + after,
        firing: false,
      })),
    };
  }

  /** Fires whenever the SLO is truly violated, and otherwise only if the alert must count so much as slow. */
  latenciesNearThreshold(): ReplayedIncident[] {
    const { thresholdMs } = this.objective;
    if (thresholdMs === undefined) return [];
    const ratios = this.burnRateAlerts.map(({ failureRatio }) => failureRatio);
    return latencyCases(thresholdMs).flatMap(({ name, latencies, slow, counted }): ReplayedIncident[] => {
      // Within the error of the sample times, either is right.
      if (ratios.some((ratio) => Math.abs(ratio - counted) <= this.times.errorShare * ratio)) return [];
      const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
      return [
        {
          name: `${name}: ${percent(slow)} slow, ${percent(counted)} counted`,
          phases: [{ ...this.before, minutes: this.before.minutes + 10, latencies }],
          checks: [{ minute: this.before.minutes + 5, firing: ratios.some((ratio) => counted > ratio) }],
        },
      ];
    });
  }

  /** When the first burn-rate alert is due, from the start of the outage. */
  private dueMinutes(failureRatio: number): number {
    const times = this.burnRateAlerts.flatMap(
      (burnRateAlert) => detect(burnRateAlert, this.objective, failureRatio)?.minutes ?? [],
    );
    if (times.length === 0)
      throw new Error(`no burn-rate alert of '${this.objective.name}' fires at ${failureRatio}`);
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

/** What a no-traffic alert must and must not treat as an absence of traffic. */
export function absenceIncidents(
  subject: SloSubject,
  windowMinutes: number,
  { errorMinutes }: SampleTimes,
): ReplayedIncident[] {
  const requestsPerMinute = subject.requestsPerSecond * 60;
  const usual: Phase = { minutes: 2 * windowMinutes, requestsPerMinute, failureRatio: 0, measured: true };
  const start = usual.minutes;
  const ends = (name: string, change: Partial<Phase>): ReplayedIncident => ({
    name,
    phases: [usual, { ...usual, ...change }, { ...usual, minutes: windowMinutes }],
    checks: [
      { minute: start, firing: false },
      { minute: start + windowMinutes - 2 - errorMinutes, firing: false },
      { minute: start + windowMinutes + 1 + errorMinutes, firing: true },
      { minute: start + usual.minutes + 2 + errorMinutes, firing: false },
    ],
  });
  return [
    ends('traffic stops', { requestsPerMinute: 0 }),
    ends('metrics stop', { measured: false }),
    {
      name: 'a tenth of the usual requests',
      phases: [usual, { ...usual, requestsPerMinute: requestsPerMinute / 10 }],
      checks: [{ minute: 2 * start, firing: false }],
    },
    {
      name: 'every request fails, which is still traffic',
      phases: [usual, { ...usual, failureRatio: 1 }],
      checks: [{ minute: 2 * start, firing: false }],
    },
  ];
}
