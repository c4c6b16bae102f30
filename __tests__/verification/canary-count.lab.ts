/**
 * The canary's count with samples at any time of the minute, late, missing and irregular, in both meanings of a range:
 * Prometheus 2 includes a sample at its start, Prometheus 3 does not.
 */
import { sinceInstant } from '../../model/canary/spans';
import { between, replay, type Replay } from '../../verification/canary-lab/replay';
import {
  offsetsBelow,
  poisson,
  sampled,
  steady,
  type SampledRequests,
  type Sampling,
} from '../../verification/canary-lab/sampling';
import { labTools, toolPath, type ToolPaths } from '../../verification/toolchain/lab-tools';

jest.setTimeout(600_000);

const PROMTOOLS = ['promtool', 'promtool3'] as const;

let tools: ToolPaths;
beforeAll(async () => {
  tools = await labTools(['prometheus', 'prometheus3'], () => undefined);
}, 1_200_000);

/** Deviation from regular samples, and how many minutes of traffic the count may lack. */
interface Case {
  readonly name: string;
  readonly sampling?: Partial<Sampling>;
  /** Samples are visible so much later. */
  readonly delaySeconds?: number;
  readonly missingMinutes: (ageMinutes: number) => number;
  /** @default all */
  readonly periods?: readonly number[];
}

const LONGEST_MINUTES = 240;
/** Not on a minute. */
const INSTANT = 1_815;
const CASES: readonly Case[] = [
  { name: 'regular', missingMinutes: () => 5 },
  { name: 'every fifth missing', sampling: { missingEvery: 5 }, missingMinutes: (age) => 5 + 0.12 * age },
  {
    name: 'up to 2 s early or late',
    sampling: { jitterSeconds: 2 },
    missingMinutes: (age) => 5 + 0.01 * age,
  },
  {
    name: 'up to 8 s early or late',
    sampling: { jitterSeconds: 8 },
    missingMinutes: (age) => 5 + 0.05 * age,
    periods: [60],
  },
  { name: 'visible 1 min late', delaySeconds: 60, missingMinutes: () => 5 },
  { name: 'visible 3 min late', delaySeconds: 180, missingMinutes: () => 7 },
  { name: 'a restart', sampling: { restartSeconds: INSTANT + 437 }, missingMinutes: () => 6 },
];

const AGES_MINUTES = [10, 60, 240];
const END = INSTANT + (LONGEST_MINUTES + 1) * 60;
const TRAFFIC: readonly [name: string, perSecond: number, SampledRequests][] = [
  ['50 requests/s', 50, steady(50)],
  ['one request in 10 s', 0.1, poisson(0.1, END, 7)],
];

function countReplays(query: string): Replay[] {
  return [10, 15, 30, 60].flatMap((periodSeconds) =>
    offsetsBelow(periodSeconds).flatMap((offsetSeconds) =>
      CASES.filter(({ periods }) => periods?.includes(periodSeconds) ?? true).flatMap((one) =>
        TRAFFIC.flatMap(([traffic, perSecond, requests]) =>
          AGES_MINUTES.map((age): Replay => {
            const now = INSTANT + age * 60 + offsetSeconds;
            const sampling = { periodSeconds, offsetSeconds, ...one.sampling };
            const truth = requests(now) - requests(INSTANT);
            const expected = one.missingMinutes(age) * 60 * perSecond;
            // By chance, more than the expected requests may come in minutes that do not count.
            const lacking = expected + 3 * Math.sqrt(expected);
            return {
              name: `${traffic}, a sample every ${periodSeconds} s from ${offsetSeconds} s, ${one.name}, after ${age} min`,
              counters: [
                { series: 'x', samples: sampled(requests, sampling, now - (one.delaySeconds ?? 0)) },
              ],
              expectations: [between(query, truth - lacking, truth, now)],
            };
          }),
        ),
      ),
    ),
  );
}

const QUERY = sinceInstant(INSTANT, LONGEST_MINUTES).count('x');

test.each(PROMTOOLS)(
  '%s: the count has the stated error at every offset of the samples',
  async (promtool) => {
    await replay(toolPath(tools, promtool), countReplays(QUERY));
  },
);

test.each(PROMTOOLS)('%s: pods that come and go count', async (promtool) => {
  const perPod = steady(10);
  const lifetimes = [0, 1, 2, 3, 4, 5].map((pod) => [pod * 1_200, pod * 1_200 + 3_600] as const);
  const now = INSTANT + 60 * 60;
  const seen = (until: number, [from, to]: readonly [number, number]) =>
    Math.max(0, Math.min(until, to) - from) * 10;
  const truth = lifetimes.reduce((sum, life) => sum + seen(now, life) - seen(INSTANT, life), 0);
  // Three pods at a time. Each new pod adds up to a sampling period.
  const lacking = (3 * 5 + lifetimes.length) * 600;
  const replays = offsetsBelow(60).map((offsetSeconds): Replay => ({
    name: `samples at ${offsetSeconds} s`,
    counters: lifetimes.map((lifetime, pod) => ({
      series: `x{pod="${pod}"}`,
      samples: sampled(perPod, { periodSeconds: 60, offsetSeconds, lifetime }, now),
    })),
    expectations: [between(QUERY, truth - lacking, truth, now)],
  }));

  await replay(toolPath(tools, promtool), replays);
});

test.each(PROMTOOLS)('%s: this replay fails with ranges of one minute', async (promtool) => {
  const blind = countReplays(QUERY.replace('[4m]', '[1m]')).filter(({ name }) =>
    /every 60 s.*regular/.test(name),
  );

  await expect(replay(toolPath(tools, promtool), blind)).rejects.toThrow('after 240 min');
});
