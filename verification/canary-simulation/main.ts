/** Simulates canary releases from fixed seeds, for docs/canary.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { LabError } from '../support/errors';
import { log } from '../support/teardown';
import {
  CANARY_RATES,
  RUNS,
  series,
  TARGETS_PERCENT,
  WEIGHT_PERCENT,
  type SimulatedSeries,
} from './experiment';

export const SIMULATION_FILE = 'docs/generated/canary-simulation.json';

export interface Simulation {
  readonly runs: number;
  readonly weightPercent: number;
  readonly series: readonly SimulatedSeries[];
}

/**
 * @param check compares with the committed outcomes instead of writing
 * @throws LabError if they differ
 */
export function simulate({ check = false }: { readonly check?: boolean }): void {
  const text = `${JSON.stringify(simulateAll(), null, 2)}\n`;
  if (!check) return writeFileSync(SIMULATION_FILE, text);
  if (readFileSync(SIMULATION_FILE, 'utf8') !== text)
    throw new LabError(`${SIMULATION_FILE} is not up to date; run 'npm run verify -- simulate'`);
}

function simulateAll(): Simulation {
  const all = TARGETS_PERCENT.flatMap((target) => CANARY_RATES.map((rate) => [target, rate] as const));
  return {
    runs: RUNS,
    weightPercent: WEIGHT_PERCENT,
    series: all.map(([target, rate], index) => {
      log(`simulate: ${index + 1} of ${all.length}: target ${target} %, ${rate} requests/s to the canary`);
      return series(target, rate, index + 1);
    }),
  };
}
