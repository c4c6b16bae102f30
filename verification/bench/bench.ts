/** `npm run bench`: how long synth takes, how it grows, and how much of that is cdktf itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCatalogue } from './generated-catalogue';
import { measure, median, verdict } from './measure';

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
          'dist/verification/bench/bare-synth.js',
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

function repeat<T>(once: () => T): T[] {
  return Array.from({ length: RUNS }, once);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
