import { type TestResult } from '../../support/lab-test';

/** Configured and measured share of the canary in percent, for each split test and sender. */
export function splits(results: readonly TestResult[]) {
  return results
    .filter(({ id, figures }) => id.startsWith('split/') && figures !== undefined)
    .flatMap(({ title, figures }) => {
      const { percent: configured, latenciesMs: _, ...shares } = figures ?? {};
      return Object.entries(shares).map(([from, share]) => ({
        title,
        from,
        share: Number(share),
        configured,
      }));
    });
}

/** The 50th, 95th and 99th percentile of the latency of the split tests' requests. */
export function latencies(results: readonly TestResult[]) {
  return results
    .filter(({ id, figures }) => id.startsWith('split/') && Array.isArray(figures?.['latenciesMs']))
    .flatMap(({ id, figures }) => {
      const { percent: _, latenciesMs, ...shares } = figures ?? {};
      const values = latenciesMs as readonly number[];
      return Object.keys(shares).map((from, index) => ({
        name: `${id.replace('split/', '')}, ${from}`,
        percentilesMs: values.slice(index * 3, index * 3 + 3),
      }));
    });
}

/** Time until calls to a hanging service failed. */
export function timeouts(results: readonly TestResult[]) {
  return results
    .filter(({ id, figures }) => id.startsWith('timeouts/') && typeof figures?.['ms'] === 'number')
    .map(({ id, figures }) => ({ name: id.replace('timeouts/', ''), ms: Number(figures?.['ms']) }));
}
