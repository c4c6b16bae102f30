/**
 * Measures synth against two programs in the same run: a plain loop over cdktf's classes that creates the same
 * resources, and one that only loads the provider modules. Ratios of CPU time hold on busy and slow machines too.
 */
import { join } from 'node:path';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { writeCatalogue } from './generated-catalogue';
import { measure, medianRun, type Run } from './measure';

const RUNS = 5;

/** Targets of the design. */
const BUDGETS = {
  shop: { ratioToBare: 1.3, ratioToImports: 5, peakMiB: 200 },
  /** A command that needs one environment of three. */
  oneEnvironment: { ratioToAll: 0.7 },
  services1000: { ratioToBare: 0.6, peakMiB: 450 },
  services3000: { growth: 1.2, peakMiB: 1_024 },
} as const;

type Medians = Omit<Run, 'stdout'>;

export async function bench(): Promise<void> {
  const teardown = new Teardown();
  try {
    const bench = new Bench(scratchFolder(teardown, 'mesh-bench-'));
    bench.shop();
    bench.large();
    if (bench.missed > 0) {
      print(`${bench.missed} ${bench.missed === 1 ? 'budget' : 'budgets'} missed`);
      process.exitCode = 1;
    }
  } finally {
    await teardown.run();
  }
}

class Bench {
  /** Number of budgets that were exceeded. */
  missed = 0;

  constructor(private readonly work: string) {}

  shop(): void {
    const outdir = join(this.work, 'shop');
    log(`bench: the catalogue, ${RUNS} runs`);
    const synth = () => measure(['dist/main.js'], { CDKTF_OUTDIR: outdir });
    synth();
    const { ours, bare, imports, one } = interleaved({
      ours: synth,
      bare: () => this.bare(outdir),
      imports: () => measure(['dist/verification/bench/import-modules.js', outdir], {}),
      one: () => measure(['dist/main.js', 'prod'], { CDKTF_OUTDIR: join(this.work, 'one') }),
    });
    const { ratioToBare, ratioToImports, peakMiB } = BUDGETS.shop;
    print(`all environments: ${inWords(ours)}`);
    print(`  bare cdktf: ${inWords(bare)}; ${this.ratio(ours, bare, ratioToBare)}`);
    print(`  provider modules: ${inWords(imports)}; ${this.ratio(ours, imports, ratioToImports)}`);
    print(`  memory: ${this.within(ours.peakMiB, peakMiB, 'MiB')}`);
    print(`prod alone: ${inWords(one)}; ${this.ratio(one, ours, BUDGETS.oneEnvironment.ratioToAll)}`);
  }

  large(): void {
    const thousand = this.generated(1_000, RUNS);
    const { ratioToBare, peakMiB } = BUDGETS.services1000;
    print(`1,000 services: ${inWords(thousand.ours)}`);
    print(
      `  bare cdktf: ${inWords(thousand.bare)}; ${this.ratio(thousand.ours, thousand.bare, ratioToBare)}`,
    );
    print(`  memory: ${this.within(thousand.ours.peakMiB, peakMiB, 'MiB')}`);

    const { ours } = this.generated(3_000, 1);
    const growth = round(ours.cpuMs / (3 * thousand.ours.cpuMs));
    print(`3,000 services: ${inWords(ours)}`);
    print(
      `  CPU time a service, against 1,000: ${this.within(growth, BUDGETS.services3000.growth, 'times')}`,
    );
    print(`  memory: ${this.within(ours.peakMiB, BUDGETS.services3000.peakMiB, 'MiB')}`);
  }

  private generated(size: number, runs: number) {
    const catalogue = join(this.work, `catalogue-${size}`);
    const outdir = join(this.work, `out-${size}`);
    writeCatalogue(catalogue, size);
    log(`bench: ${size} services, ${runs} runs`);
    const ours = () => measure(['dist/main.js'], { MESH_CONFIG: catalogue, CDKTF_OUTDIR: outdir });
    return interleaved({ ours, bare: () => this.bare(outdir) }, runs);
  }

  private bare(synthesized: string): Run {
    return measure(['dist/verification/bench/bare-synth.js', synthesized, join(this.work, 'bare')], {});
  }

  private ratio(ours: Medians, other: Medians, budget: number): string {
    return `CPU time ${this.within(round(ours.cpuMs / other.cpuMs), budget, 'times')}`;
  }

  private within(value: number, budget: number, unit: string): string {
    if (value > budget) this.missed++;
    return `${value} ${unit} (${value <= budget ? 'within' : 'OVER'} ${budget})`;
  }
}

/** Each program once, then each again: a load that comes and goes meets all of them. */
function interleaved<K extends string>(
  programs: Readonly<Record<K, () => Run>>,
  runs = RUNS,
): Record<K, Medians> {
  const names = Object.keys(programs) as K[];
  const rounds = Array.from({ length: runs }, () => names.map((name) => programs[name]()));
  const medians = names.map((name, index) => [name, medianRun(rounds.map((round) => round[index]!))]);
  return Object.fromEntries(medians) as Record<K, Medians>;
}

function inWords({ ms, cpuMs, peakMiB }: Medians): string {
  return `${seconds(ms)} s, ${seconds(cpuMs)} s of CPU, ${peakMiB} MiB`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
