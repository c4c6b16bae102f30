/**
 * Every detector and every query of a canary that runs in any environment, with samples every 60 s at any time of the
 * minute, in Prometheus 2 and 3.
 */
import { canaryVersion } from '../../model/canary/weight-cap';
import { canaryDetectors } from '../../model/canary/detectors';
import { evidenceQueries } from '../../model/canary/evidence';
import type { Service } from '../../model/service';
import { latencyReading } from '../../model/slo/latency-reading';
import { catalogue } from '../../tools/catalogue';
import { between, replay, type CounterSeries, type Expectation } from '../../verification/canary-lab/replay';
import { offsetsBelow, sampled } from '../../verification/canary-lab/sampling';
import { labTools, toolPath, type ToolPaths } from '../../verification/toolchain/lab-tools';

jest.setTimeout(600_000);

const PROMTOOLS = ['promtool', 'promtool3'] as const;

let tools: ToolPaths;
beforeAll(async () => {
  tools = await labTools(['prometheus', 'prometheus3'], () => undefined);
}, 1_200_000);

/** Seconds at which the release started, its step began, and the fault did. */
const STARTED = 615;
const STEP_BEGAN = 1_815;
const FAULT = STEP_BEGAN + 40 * 60;

interface Fault {
  readonly name: string;
  /** Shares of failed and of slow requests from the fault on, of the stable version and of the canary. */
  readonly failed: readonly [number, number];
  readonly slow: readonly [number, number];
  /** Minutes after the fault until each detector must fire; the others must not. */
  readonly fires: Readonly<Record<string, number>>;
}

const NORMAL_FAILED = 0.0005;
const NORMAL_SLOW = 0.01;
const FAULTS: readonly Fault[] = [
  {
    name: 'the canary fails',
    failed: [NORMAL_FAILED, 1],
    slow: [NORMAL_SLOW, NORMAL_SLOW],
    fires: { 'fast-availability': 6, 'slow-availability': 6 },
  },
  {
    name: 'half of the canary fails',
    failed: [NORMAL_FAILED, 0.5],
    slow: [NORMAL_SLOW, NORMAL_SLOW],
    fires: { 'fast-availability': 6, 'slow-availability': 6 },
  },
  {
    name: 'half of both versions fails',
    failed: [0.5, 0.5],
    slow: [NORMAL_SLOW, NORMAL_SLOW],
    fires: { 'shared-availability': 6 },
  },
  {
    name: 'the canary is slow',
    failed: [NORMAL_FAILED, NORMAL_FAILED],
    slow: [NORMAL_SLOW, 0.9],
    fires: { 'fast-latency': 6, 'slow-latency': 20 },
  },
  {
    name: 'both versions are slow',
    failed: [NORMAL_FAILED, NORMAL_FAILED],
    slow: [0.9, 0.9],
    fires: { 'shared-latency': 20 },
  },
];
const CHECKED_MINUTES = [-20, -1, 2, 4, 6, 10, 20];

const canaries = catalogue().environments.flatMap((environment) =>
  environment.services
    .filter((service) => canaryVersion(service) !== undefined)
    .map((service): [string, Service] => [
      `${service.name} in ${environment.name}`,
      { ...service, canaryRelease: { startedAtSeconds: STARTED, stepSinceSeconds: STEP_BEGAN } },
    ]),
);

function shares({ versions }: Service): [number, number] {
  const canary = (versions[1]?.weightPercent ?? 0) / 100;
  return [1 - canary, canary];
}

/** Before `STARTED` an earlier release of the canary failed altogether. */
function world(service: Service, fault: Fault, offsetSeconds: number): CounterSeries[] {
  const { slos, namespace } = service;
  const sampling = { periodSeconds: 60, offsetSeconds };
  return service.versions.slice(0, 2).flatMap((version, index) => {
    const perSecond = slos.expectedRequestsPerSecond * (shares(service)[index] ?? 0);
    const labels = `monitored_resource="istio_canonical_service",destination_service_namespace="${namespace}",destination_service_name="${version.workload}"`;
    /** Requests of a class: its shares before the release, before the fault, and from then on. */
    const series = (metric: string, extra: string, early: number, normal: number, then: number) => {
      const requests = (until: number) =>
        1_000_000 +
        Math.floor(
          perSecond *
            (Math.min(until, STARTED) * early +
              Math.max(0, Math.min(until, FAULT) - STARTED) * normal +
              Math.max(0, until - FAULT) * then),
        );
      return {
        series: `${metric}{${labels},${extra}}`,
        samples: sampled(requests, sampling, FAULT + 21 * 60).map(({ seconds }) => ({
          seconds,
          value: requests(seconds),
        })),
      };
    };
    const count = 'istio_io:service_client_request_count';
    const failed = fault.failed[index] ?? 0;
    const slow = fault.slow[index] ?? 0;
    const early = index === 0 ? NORMAL_FAILED : 1;
    const { countedFromMs } = latencyReading(slos.latency.thresholdMs);
    const buckets = [0.5, 1, 2, Infinity].map((factor) => {
      const le = factor === Infinity ? '+Inf' : String(countedFromMs * factor);
      const within = (share: number) => (factor > 1 ? 1 : 1 - share);
      return series(
        'istio_io:service_client_roundtrip_latencies_bucket',
        `response_code="200",le="${le}"`,
        (1 - early) * within(NORMAL_SLOW),
        (1 - NORMAL_FAILED) * within(NORMAL_SLOW),
        (1 - failed) * within(slow),
      );
    });
    return [
      series(count, 'response_code="200"', 1 - early, 1 - NORMAL_FAILED, 1 - failed),
      series(count, 'response_code="503"', early, NORMAL_FAILED, failed),
      ...buckets,
    ];
  });
}

function detectorExpectations(service: Service, fault: Fault): Expectation[] {
  return canaryDetectors(service).flatMap(({ id, query }) =>
    CHECKED_MINUTES.flatMap((minute): Expectation[] => {
      const due = fault.fires[id] ?? Infinity;
      const fires = minute >= due;
      // Between the fault and the time that is stated for it, either is right.
      if (due < Infinity && minute >= 0 && !fires) return [];
      return [{ query, seconds: FAULT + minute * 60 + 25, fires }];
    }),
  );
}

describe.each(canaries)('%s', (_, service) => {
  test('has all detectors', () => {
    const named = FAULTS.flatMap(({ fires }) => Object.keys(fires));
    expect(new Set(named)).toEqual(new Set(canaryDetectors(service).map(({ id }) => id)));
  });

  test.each(PROMTOOLS)(
    '%s: each detector fires for its fault at every offset, and for no other',
    async (promtool) => {
      const replays = FAULTS.flatMap((fault) =>
        offsetsBelow(60).map((offsetSeconds) => ({
          name: `${fault.name}, samples at ${offsetSeconds} s`,
          counters: world(service, fault, offsetSeconds),
          expectations: detectorExpectations(service, fault),
        })),
      );

      await replay(toolPath(tools, promtool), replays);
    },
  );

  test.each(PROMTOOLS)('%s: the queries of `mesh canary` count at every offset', async (promtool) => {
    const [fault] = FAULTS;
    if (fault === undefined) throw new Error('no fault');
    const now = FAULT - 60;
    const perSecond = shares(service).map((share) => share * service.slos.expectedRequestsPerSecond);
    const expectations = [...evidenceQueries(service)].map(([name, query]) => {
      const [span = '', version = '', count] = name.split(' ');
      const rate = (version === 'stable' ? perSecond[0] : perSecond[1]) ?? 0;
      const share = count === 'failed' ? NORMAL_FAILED : 1;
      const windowMinutes = service.canaryPolicy?.detection.fastWindowMinutes ?? 0;
      const minutes = span === 'step' ? (now - STEP_BEGAN) / 60 : windowMinutes;
      const truth = minutes * 60 * rate * share;
      // Failed requests are few, so rounding shows. The largest bucket of a histogram has all requests.
      return between(`max(${query})`, truth - 5 * 60 * rate * share - 2, truth + 2, now);
    });
    const replays = offsetsBelow(60).map((offsetSeconds) => ({
      name: `samples at ${offsetSeconds} s`,
      counters: world(service, fault, offsetSeconds),
      expectations,
    }));

    expect(expectations).toHaveLength(16);
    await replay(toolPath(tools, promtool), replays);
  });
});
