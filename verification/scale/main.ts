/** Measures the configuration of a sidecar in meshes of generated services, with and without Sidecar scopes. */
import { writeFileSync } from 'node:fs';
import { renderScale } from '../documentation/scale-table';
import { SCALE_FILE, type ScaleFigures, type ScaleMeasured } from './figures';
import { LabError } from '../support/errors';
import { log } from '../support/teardown';
import { labTools } from '../toolchain/lab-tools';
import { violationsOf } from './bounds';
import { measureScale } from './measure';

export interface ScaleOptions {
  /** Sizes of the meshes. */
  readonly services: readonly number[];
  /** Measurements of a route update. */
  readonly repeats: number;
  /** Saves the figures for docs/lab.md. */
  readonly write?: boolean;
}

export async function runScale({ services, repeats, write }: ScaleOptions): Promise<void> {
  const tools = await labTools(['mesh', 'envoy'], log);
  const measured: ScaleMeasured[] = [];
  for (const size of [...services].sort((a, b) => a - b)) {
    log(`${size} services: synthesizing, then measuring with and without Sidecar scopes`);
    measured.push(await measureScale(tools, size, repeats));
  }
  const figures: ScaleFigures = { repeats, measured };
  if (write) writeFileSync(SCALE_FILE, `${JSON.stringify(figures, null, 2)}\n`);
  process.stdout.write(`${renderScale(figures)}\n`);
  const violations = violationsOf(measured);
  if (violations.length > 0) throw new LabError(violations.join('\n'));
}
