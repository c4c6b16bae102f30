/** The expressions that Terraform gets, evaluated by Prometheus, must decide as the simulation does. */
import { canaryDetectors } from '../../model/canary/detectors';
import { fastAction, slowAction, type Comparison } from '../../model/canary/judgement';
import { canaryTests, type ObjectiveName } from '../../model/canary/tests';
import type { Service } from '../../model/service';
import { replay, type CounterSeries, type Expectation } from '../../verification/canary-lab/replay';
import { labTools, toolPath } from '../../verification/toolchain/lab-tools';
import { add, minuteOf, type Traffic } from '../../verification/canary-simulation/traffic';
import { Random } from '../../verification/canary-simulation/random';
import { aCatalogue } from '../support/catalogue-fixture';

jest.setTimeout(120_000);

const MINUTES = 60;
/** Minute in which the step begins. Before it, every request to an earlier release of the same version failed. */
const STEP_BEGINS = 10;

let promtool: string;
beforeAll(async () => {
  promtool = toolPath(await labTools(['prometheus'], () => undefined), 'promtool');
});

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

/** Counters of both versions in the mesh's metrics, each with its value before the first minute. */
function counters(minutes: readonly Comparison[], objective: ObjectiveName): CounterSeries[] {
  return (['stable', 'canary'] as const).flatMap((version) => {
    const labels = `monitored_resource="istio_canonical_service",destination_service_namespace="sales",destination_service_name="cart-${version === 'stable' ? 'v1' : 'v2'}"`;
    const running = (take: (minute: Comparison) => number) => {
      let total = 0;
      return [0, ...minutes.map((minute) => (total += take(minute)))];
    };
    const all = running((minute) => minute[version].all);
    const good = running((minute) => minute[version].all - minute[version].failed);
    const failed = running((minute) => minute[version].failed);
    if (objective === 'availability')
      return [
        { series: `istio_io:service_client_request_count{${labels},response_code="200"}`, values: good },
        { series: `istio_io:service_client_request_count{${labels},response_code="503"}`, values: failed },
      ];
    const bucket = (le: string, values: readonly number[]) => ({
      series: `istio_io:service_client_roundtrip_latencies_bucket{${labels},response_code="200",le="${le}"}`,
      values,
    });
    return [
      { series: `istio_io:service_client_request_count{${labels},response_code="200"}`, values: all },
      ...[bucket('100', good), bucket('300', good), bucket('1000', all), bucket('+Inf', all)],
    ];
  });
}

/** The simulation's decisions at the end of every minute of the step. */
function simulatedDecisions(
  service: Service,
  objective: ObjectiveName,
  minutes: readonly Comparison[],
  compared: boolean,
) {
  const test = canaryTests(service).find((candidate) => candidate.objective === objective);
  if (test === undefined) throw new Error('no test');
  return minutes.slice(STEP_BEGINS).map((_, index) => {
    const step = minutes.slice(STEP_BEGINS, STEP_BEGINS + index + 1);
    const fast = fastAction(test, step.slice(-test.fast.windowMinutes).reduce(add), compared);
    const slow = slowAction(test, step.reduce(add), compared);
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
  weight: number,
) {
  const decisions = simulatedDecisions(service, objective, minutes, weight < 100);
  const detectors = canaryDetectors(service).filter((detector) => detector.objective === objective);
  return decisions.flatMap((decision, index): Expectation[] =>
    detectors.map(({ id, query }) => ({
      query,
      minute: STEP_BEGINS + index + 1,
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
    const expected = expectations(service, objective, minutes, weight);

    const fired = canaryDetectors(service)
      .filter(({ query }) => expected.some((expectation) => expectation.query === query && expectation.fires))
      .map(({ id }) => id.split('-')[0]);
    expect(fired).toEqual(fire);
    await replay(promtool, counters(minutes, objective), expected);
  },
);
