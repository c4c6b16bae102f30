/** `npm run canary:simulate`: plays the releases again and writes what became of them, for docs/canary.md. */
import { writeFileSync } from 'node:fs';
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

if (require.main === module) writeFileSync(SIMULATION_FILE, `${JSON.stringify(simulate(), null, 2)}\n`);
