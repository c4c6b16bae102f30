/**
 * The expressions that Terraform gets, evaluated by Prometheus 2 and 3 with samples every 60 s, must decide as the
 * simulation does.
 */
import { canaryDetectors } from '../../model/canary/detectors';
import { fastAction, slowAction, type Comparison } from '../../model/canary/decision';
import { canaryTests, type ObjectiveName } from '../../model/canary/tests';
import type { Service } from '../../model/service';
import { expectedCount } from '../../verification/canary-lab/expected-count';
import {
  everyMinute,
  replay,
  type CounterSeries,
  type Expectation,
} from '../../verification/canary-lab/replay';
import { labTools, toolPath, type ToolPaths } from '../../verification/toolchain/lab-tools';
import { minuteOf, type Traffic } from '../../verification/canary-simulation/traffic';
import { Random } from '../../verification/canary-simulation/random';
import { aCatalogue } from '../support/catalogue-fixture';

jest.setTimeout(120_000);

const MINUTES = 60;
/** Minute in which the step begins. Before it, every request to an earlier release of the same version failed. */
const STEP_BEGINS = 10;

/** Of the samples within a minute. */
const OFFSETS = [0, 5, 20, 35, 55];
/** High enough that no range begins near 0, where `increase` estimates less. */
const COUNTED_BEFORE = 10_000_000;

let tools: ToolPaths;
beforeAll(async () => {
  tools = await labTools(['prometheus', 'prometheus3'], () => undefined);
}, 600_000);

function cartAt(weightPercent: number, objective: ObjectiveName): Service {
  const service = aCatalogue().environments[0]?.services.find(({ name }) => name === 'cart');
  if (service?.versions[1] === undefined) throw new Error('the fixture needs a canary of cart');
  const [stable, canary] = service.versions;
  const slos = structuredClone(service.slos) as any;
  slos[objective].targetPercent = 95;
  return {
    ...service,
    slos,
    versions: [stable, { ...canary, weightPercent }],
    canaryRelease: { startedAtSeconds: STEP_BEGINS * 60, stepSinceSeconds: STEP_BEGINS * 60 },
  };
}

const BEFORE: Comparison = { canary: { all: 100, failed: 100 }, stable: { all: 900, failed: 0 } };

function history(traffic: Traffic, seed: number): Comparison[] {
  const random = new Random(seed);
  return Array.from({ length: MINUTES }, (_, minute) =>
    minute < STEP_BEGINS ? BEFORE : minuteOf(traffic, random),
  );
}

/** Counters of both versions in the mesh's metrics. */
function counters(
  minutes: readonly Comparison[],
  objective: ObjectiveName,
  offsetSeconds: number,
): CounterSeries[] {
  return (['stable', 'canary'] as const).flatMap((version) => {
    const labels = `monitored_resource="istio_canonical_service",destination_service_namespace="sales",destination_service_name="cart-${version === 'stable' ? 'v1' : 'v2'}"`;
    const running = (take: (minute: Comparison) => number) => {
      let total = COUNTED_BEFORE;
      return [total, ...minutes.map((minute) => (total += take(minute)))];
    };
    const series = (name: string, values: readonly number[]): CounterSeries => ({
      series: name,
      samples: everyMinute(values, offsetSeconds),
    });
    const count = (code: string, values: readonly number[]) =>
      series(`istio_io:service_client_request_count{${labels},response_code="${code}"}`, values);
    const all = running((minute) => minute[version].all);
    const good = running((minute) => minute[version].all - minute[version].failed);
    const failed = running((minute) => minute[version].failed);
    if (objective === 'availability') return [count('200', good), count('503', failed)];
    const bucket = (le: string, values: readonly number[]) =>
      series(
        `istio_io:service_client_roundtrip_latencies_bucket{${labels},response_code="200",le="${le}"}`,
        values,
      );
    return [
      count('200', all),
      ...[bucket('128', good), bucket('256', good), bucket('512', all), bucket('+Inf', all)],
    ];
  });
}

interface Sampling {
  readonly offsetSeconds: number;
  readonly closedRanges: boolean;
}

/** The simulation's decisions at the end of every minute of the step, from the counts that are expected of the queries. */
function simulatedDecisions(
  service: Service,
  objective: ObjectiveName,
  minutes: readonly Comparison[],
  compared: boolean,
  sampling: Sampling,
) {
  const test = canaryTests(service).find((candidate) => candidate.objective === objective);
  if (test === undefined || service.canaryPolicy === undefined) throw new Error('no test');
  const { longestBakeMinutes } = service.canaryPolicy;
  return minutes.slice(STEP_BEGINS).map((_, index) => {
    const counted = (longestMinutes: number): Comparison => {
      const count = (take: (minute: Comparison) => number) =>
        expectedCount(
          { ...sampling, minutes: minutes.map(take) },
          STEP_BEGINS * 60,
          longestMinutes,
          (STEP_BEGINS + index + 1) * 60,
        );
      const tally = (version: 'canary' | 'stable') => ({
        all: count((minute) => minute[version].all),
        failed: count((minute) => minute[version].failed),
      });
      return { canary: tally('canary'), stable: tally('stable') };
    };
    const fast = fastAction(test, counted(test.fast.windowMinutes), compared);
    const slow = slowAction(test, counted(longestBakeMinutes), compared);
    return {
      [`fast-${objective}`]: fast === 'rollback',
      [`slow-${objective}`]: slow === 'rollback',
      [`shared-${objective}`]: slow === 'pause',
    };
  });
}

function expectations(
  service: Service,
  objective: ObjectiveName,
  minutes: readonly Comparison[],
  sampling: Sampling,
) {
  const weight = service.versions[1]?.weightPercent ?? 0;
  const decisions = simulatedDecisions(service, objective, minutes, weight < 100, sampling);
  const detectors = canaryDetectors(service).filter((detector) => detector.objective === objective);
  return decisions.flatMap((decision, index): (Expectation & { readonly id: string })[] =>
    detectors.map(({ id, query }) => ({
      id,
      query,
      seconds: (STEP_BEGINS + index + 1) * 60,
      fires: decision[id] ?? false,
    })),
  );
}

const HEALTHY = 0.05;
const cases: readonly [string, ObjectiveName, number, Partial<Traffic>, readonly string[]][] = [
  ['a healthy canary', 'availability', 10, {}, []],
  ['five times the budget', 'availability', 10, { canaryFailed: 0.25 }, ['slow']],
  ['total failure', 'availability', 10, { canaryFailed: 1 }, ['fast', 'slow']],
  ['a failure of both versions', 'availability', 10, { canaryFailed: 0.4, stableFailed: 0.4 }, ['shared']],
  ['total failure without another version', 'availability', 100, { canaryFailed: 1 }, ['fast', 'slow']],
  ['a healthy canary', 'latency', 10, {}, []],
  ['five times the budget', 'latency', 10, { canaryFailed: 0.25 }, ['slow']],
  ['every request slow', 'latency', 10, { canaryFailed: 1 }, ['fast', 'slow']],
  ['both versions slow', 'latency', 10, { canaryFailed: 0.4, stableFailed: 0.4 }, ['shared']],
  ['every request slow without another version', 'latency', 100, { canaryFailed: 1 }, ['fast', 'slow']],
];

test.each(cases)(
  '%s, %s at %d %%: Prometheus decides as the simulation',
  async (_, objective, weight, traffic, fire) => {
    const service = cartAt(weight, objective);
    const minutes = history(
      {
        canaryPerSecond: 0.5,
        stablePerSecond: (0.5 * (100 - weight)) / weight,
        canaryFailed: HEALTHY,
        stableFailed: HEALTHY,
        ...traffic,
      },
      weight + objective.length,
    );
    for (const [promtool, closedRanges] of [
      ['promtool', true],
      ['promtool3', false],
    ] as const) {
      const replays = OFFSETS.map((offsetSeconds) => ({
        name: `samples at ${offsetSeconds} s`,
        counters: counters(minutes, objective, offsetSeconds),
        expectations: expectations(service, objective, minutes, { offsetSeconds, closedRanges }),
      }));
      for (const { expectations } of replays) {
        const fires = expectations.filter((expectation) => expectation.fires);
        const fired = fires.map(({ id }) => id.split('-')[0]);
        expect([...new Set(fired)].sort()).toEqual(fire);
        // Of the exact counts: the first range of the step ends four minutes after it began.
        if (traffic.canaryFailed === 1)
          expect(Math.min(...fires.map(({ seconds }) => seconds))).toBe((STEP_BEGINS + 4) * 60);
      }
      await replay(toolPath(tools, promtool), replays);
    }
  },
);
