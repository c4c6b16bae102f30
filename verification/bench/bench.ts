/** Measures how long synth takes, how it grows with the catalogue, and which part of that is cdktf itself. */
import { join } from 'node:path';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { writeCatalogue } from './generated-catalogue';
import { comparedWith, measure, medianRun } from './measure';

const RUNS = 5;
const SIZES = [10, 100, 1_000] as const;

/** Targets of the design for two cores: compiled, from the start of node. */
const BUDGETS = {
  coldMs: 1_500,
  coldMiB: 250,
  ratioToBare: 1.25,
  growth: 1.2,
  largeMiB: 600,
} as const;

export async function bench(): Promise<void> {
  const teardown = new Teardown();
  try {
    measureAll(scratchFolder(teardown, 'mesh-bench-'));
  } finally {
    await teardown.run();
  }
}

function measureAll(work: string): void {
  const cold = medianRun(repeat(() => measure(['dist/main.js'], { CDKTF_OUTDIR: join(work, 'cold') })));
  print(
    `three environments, cold: ${cold.ms} ms (${comparedWith(cold.ms, BUDGETS.coldMs)}), ${cold.peakMiB} MiB (${comparedWith(cold.peakMiB, BUDGETS.coldMiB)})`,
  );

  const perService = new Map<number, number>();
  for (const size of SIZES) {
    const catalogue = join(work, `catalogue-${size}`);
    const outdir = join(work, `out-${size}`);
    writeCatalogue(catalogue, size);
    log(`bench: ${size} services, ${RUNS} runs`);
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
    const ours = medianRun(pairs.map((pair) => pair.ours));
    const bare = medianRun(pairs.map((pair) => pair.bare));
    perService.set(size, ours.ms / size);
    const ratio = round(ours.ms / bare.ms);
    const note =
      size === 1_000
        ? ` (${comparedWith(ratio, BUDGETS.ratioToBare)}), ${ours.peakMiB} MiB (${comparedWith(ours.peakMiB, BUDGETS.largeMiB)})`
        : `, ${ours.peakMiB} MiB`;
    print(
      `${size} services: ${ours.ms} ms, ${round(ours.ms / size)} ms a service, bare cdktf ${bare.ms} ms and ${bare.peakMiB} MiB, ratio ${ratio}${note}`,
    );
  }
  const growth = round((perService.get(1_000) ?? 0) / (perService.get(100) ?? 1));
  print(
    `time per service among 1,000 is ${growth} times that among 100 (${comparedWith(growth, BUDGETS.growth)})`,
  );
}

function repeat<T>(once: () => T): T[] {
  return Array.from({ length: RUNS }, once);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
