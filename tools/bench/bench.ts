/** `npm run bench`: how long synth takes, how it grows, and how much of that is cdktf itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCatalogue } from './generated-catalogue';

const RUNS = 5;
const SIZES = [10, 100, 1_000] as const;

/** From the design: two cores, compiled, from the start of node. */
const BUDGETS = {
  coldMs: 1_500,
  coldMiB: 250,
  ratioToBare: 1.25,
  growth: 1.2,
  largeMiB: 600,
} as const;

interface Run {
  readonly ms: number;
  readonly peakMiB: number;
}

const work = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
try {
  main();
} finally {
  rmSync(work, { recursive: true });
}

function main(): void {
  const cold = median(repeat(() => measure(['dist/main.js'], { CDKTF_OUTDIR: join(work, 'cold') })));
  console.log(
    `three environments, cold: ${cold.ms} ms (${verdict(cold.ms, BUDGETS.coldMs)}), ${cold.peakMiB} MiB (${verdict(cold.peakMiB, BUDGETS.coldMiB)})`,
  );

  const perService = new Map<number, number>();
  for (const size of SIZES) {
    const catalogue = join(work, `catalogue-${size}`);
    const outdir = join(work, `out-${size}`);
    writeCatalogue(catalogue, size);
    const pairs = repeat(() => ({
      ours: measure(['dist/main.js'], { MESH_CONFIG: catalogue, CDKTF_OUTDIR: outdir }),
      bare: measure(
        [
          'dist/tools/bench/bare-synth.js',
          join(outdir, 'stacks/bench-mesh-policies/cdk.tf.json'),
          join(work, 'bare'),
        ],
        {},
      ),
    }));
    const ours = median(pairs.map((pair) => pair.ours));
    const bare = median(pairs.map((pair) => pair.bare));
    perService.set(size, ours.ms / size);
    const ratio = round(ours.ms / bare.ms);
    const note =
      size === 1_000
        ? ` (${verdict(ratio, BUDGETS.ratioToBare)}), ${ours.peakMiB} MiB (${verdict(ours.peakMiB, BUDGETS.largeMiB)})`
        : `, ${ours.peakMiB} MiB`;
    console.log(
      `${size} services: ${ours.ms} ms, ${round(ours.ms / size)} ms a service, bare cdktf ${bare.ms} ms and ${bare.peakMiB} MiB, ratio ${ratio}${note}`,
    );
  }
  const growth = round((perService.get(1_000) ?? 0) / (perService.get(100) ?? 1));
  console.log(`a service of 1,000 costs ${growth} of a service of 100 (${verdict(growth, BUDGETS.growth)})`);
}

function measure(args: readonly string[], env: Record<string, string>): Run {
  const report = join(work, 'peak');
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', join(__dirname, 'report-peak.js'), ...args],
    {
      env: { ...process.env, ...env, BENCH_REPORT: report },
      encoding: 'utf8',
    },
  );
  const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { ms, peakMiB: Number(readFileSync(report, 'utf8')) };
}

function repeat<T>(once: () => T): T[] {
  return Array.from({ length: RUNS }, once);
}

function median(runs: readonly Run[]): Run {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return { ms: middle(runs.map((run) => run.ms)), peakMiB: middle(runs.map((run) => run.peakMiB)) };
}

function verdict(value: number, budget: number): string {
  return value <= budget ? `within ${budget}` : `OVER ${budget}`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
