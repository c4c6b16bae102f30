/** `npm run bench:review [<megabytes>]`: how long `mesh review` takes over a large plan, and how much memory. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLargePlan } from './large-plan';
import { measure, median, verdict } from './measure';

const RUNS = 3;
const MEGABYTES = Number(process.argv[2] ?? 200);
/** Of a plan of 200 MB. */
const BUDGETS = { ms: 10_000, peakMiB: 300 } as const;
/** A plan with few changes, as on most days, and one with many. */
const SCENARIOS = ['calm', 'weakened'];

const work = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
try {
  for (const scenario of SCENARIOS) {
    const file = join(work, 'prod-mesh-policies.json');
    const source = join('__tests__', 'plans', scenario, 'test-mesh-policies.json.gz');
    const copies = writeLargePlan(file, source, MEGABYTES * 1_000_000);
    const runs = Array.from({ length: RUNS }, () => measure(['dist/tools/mesh.js', 'review', file], {}));
    const { ms, cpuMs, peakMiB } = median(runs);
    const [summary = ''] = runs[0]?.stdout.split('\n') ?? [];
    console.log(
      `${scenario} × ${copies}, ${Math.round(statSync(file).size / 1_000_000)} MB: ${ms} ms (${verdict(ms, BUDGETS.ms)}), of them ${cpuMs} ms of work, ${peakMiB} MiB (${verdict(peakMiB, BUDGETS.peakMiB)}); ${summary}`,
    );
  }
} finally {
  rmSync(work, { recursive: true });
}
