/**
 * `npm run canary:simulate`: plays the releases again and writes what became of them, for docs/canary.md.
 * `npm run check:simulation` only says whether that is what is committed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { CANARY_RATES, RUNS, series, TARGETS_PERCENT, WEIGHT_PERCENT, type Series } from './experiment';

export const SIMULATION_FILE = 'docs/generated/canary-simulation.json';

export interface Simulation {
  readonly runs: number;
  readonly weightPercent: number;
  readonly series: readonly Series[];
}

export function simulate(): Simulation {
  const all = TARGETS_PERCENT.flatMap((target) => CANARY_RATES.map((rate) => [target, rate] as const));
  return {
    runs: RUNS,
    weightPercent: WEIGHT_PERCENT,
    series: all.map(([target, rate], index) => series(target, rate, index + 1)),
  };
}

function main(): void {
  const text = `${JSON.stringify(simulate(), null, 2)}\n`;
  if (!process.argv.includes('--check')) return writeFileSync(SIMULATION_FILE, text);
  if (readFileSync(SIMULATION_FILE, 'utf8') === text) return;
  console.error(`${SIMULATION_FILE} is stale; run 'npm run canary:simulate'`);
  process.exitCode = 1;
}

if (require.main === module) main();
