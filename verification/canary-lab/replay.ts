/** Evaluates queries on given counters minute by minute, with Prometheus' own test runner. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { withFolder } from '../../tools/with-folder';
import { run } from '../toolchain/program';

/** A counter's value at minute 0, 1, 2 … */
export interface CounterSeries {
  /** With its labels: `requests{code="200"}`. */
  readonly series: string;
  readonly values: readonly number[];
}

export interface Expectation {
  readonly query: string;
  readonly minute: number;
  /** Whether the query has a value then. */
  readonly fires: boolean;
}

/**
 * @param promtool path of Prometheus' own test runner
 * @throws LabError with promtool's report if an expectation fails
 */
export async function replay(
  promtool: string,
  counters: readonly CounterSeries[],
  expectations: readonly Expectation[],
): Promise<void> {
  const test = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: counters.map(({ series, values }) => ({ series, values: values.join(' ') })),
        promql_expr_test: expectations.map(({ query, minute, fires }) => ({
          expr: `count(${query})`,
          eval_time: `${minute}m`,
          exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
        })),
      },
    ],
  };
  await withFolder('replay-', async (folder) => {
    const file = join(folder, 'replay.yaml');
    writeFileSync(file, stringify(test));
    await run({ name: promtool, fix: 'make the lab tools' }, ['test', 'rules', file], {
      cwd: folder,
      purpose: 'replaying counts',
    });
  });
}
