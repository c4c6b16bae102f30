/** Evaluates queries on given counters, with Prometheus' own test runner. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from '../../tools/with-folder';
import { runTool } from '../toolchain/program';

export interface Sample {
  /** Whole, from the start of the replay. */
  readonly seconds: number;
  readonly value: number;
}

export interface CounterSeries {
  /** With its labels: `requests{code="200"}`. */
  readonly series: string;
  /** In the order of their times. */
  readonly samples: readonly Sample[];
}

export interface Expectation {
  readonly query: string;
  /** A multiple of {@link TICK_SECONDS}. */
  readonly seconds: number;
  /** Whether the query has a value then. */
  readonly fires: boolean;
}

export interface Replay {
  /** One line; promtool's report has it beside each failed expectation. */
  readonly name: string;
  readonly counters: readonly CounterSeries[];
  readonly expectations: readonly Expectation[];
}

/** promtool loads samples up to the last multiple of its evaluation interval only. */
export const TICK_SECONDS = 5;

/** Whether the query's value is between the bounds. */
export function between(query: string, low: number, high: number, seconds: number): Expectation {
  return { query: `abs(${query} - ${(low + high) / 2}) <= ${(high - low) / 2}`, seconds, fires: true };
}

/** Samples at minute 0, 1, 2 …, plus an offset. */
export function everyMinute(values: readonly number[], offsetSeconds = 0): Sample[] {
  return values.map((value, minute) => ({ seconds: minute * 60 + offsetSeconds, value }));
}

/**
 * @param promtool path of Prometheus' own test runner
 * @throws LabError with promtool's report if an expectation fails
 */
export async function replay(promtool: string, replays: readonly Replay[]): Promise<void> {
  const tests = replays.map(({ name, counters, expectations }) => ({
    interval: '1s',
    input_series: counters.map(({ series, samples }) => ({ series, values: notation(samples) })),
    promql_expr_test: expectations.map(({ query, seconds, fires }) => ({
      expr: `# ${name}\ncount(${query})`,
      eval_time: `${seconds}s`,
      exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
    })),
  }));
  await withFolder('replay-', async (folder) => {
    const file = join(folder, 'replay.json');
    writeFileSync(file, JSON.stringify({ evaluation_interval: `${TICK_SECONDS}s`, tests }));
    await runTool({ name: promtool, fix: 'make the lab tools' }, ['test', 'rules', file], {
      cwd: folder,
      purpose: 'replaying counts',
    });
  });
}

/** A value for each second; `_x59` stands for 59 seconds without one. */
function notation(samples: readonly Sample[]): string {
  let last = -1;
  return samples
    .flatMap(({ seconds, value }) => {
      const missing = seconds - last - 1;
      last = seconds;
      const text = Number(value.toFixed(6)).toString();
      return missing > 0 ? [`_x${missing}`, text] : [text];
    })
    .join(' ');
}
