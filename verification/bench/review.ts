/** Measures the time and the memory that `mesh review` needs for a large plan. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { writeLargePlan } from './large-plan';
import { comparedWith, measure, medianRun } from './measure';

const RUNS = 3;
/** For a plan of 200 MB. */
const BUDGETS = { ms: 10_000, peakMiB: 300 } as const;
/** A plan with few changes, as on most days, and one with many. */
const SCENARIOS = ['routine-changes', 'weakened'];

export async function benchReview(megabytes: number): Promise<void> {
  const teardown = new Teardown();
  try {
    const work = scratchFolder(teardown, 'mesh-bench-');
    for (const scenario of SCENARIOS) {
      const file = join(work, 'prod-mesh-policies.json');
      const source = join('__tests__', 'plans', scenario, 'test-mesh-policies.json.gz');
      log(`bench-review: ${scenario}, ${RUNS} runs`);
      const copies = writeLargePlan(file, source, megabytes * 1_000_000);
      const runs = Array.from({ length: RUNS }, () => measure(['dist/tools/mesh.js', 'review', file], {}));
      const { ms, cpuMs, peakMiB } = medianRun(runs);
      const [summary = ''] = runs[0]?.stdout.split('\n') ?? [];
      process.stdout.write(
        `${scenario} × ${copies}, ${Math.round(statSync(file).size / 1_000_000)} MB: ${ms} ms (${comparedWith(ms, BUDGETS.ms)}), ${cpuMs} ms of CPU time, ${peakMiB} MiB (${comparedWith(peakMiB, BUDGETS.peakMiB)}); ${summary}\n`,
      );
    }
  } finally {
    await teardown.run();
  }
}
