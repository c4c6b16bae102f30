/**
 * `npm run lab:scale [-- --services 50,200]`: what catalogues of generated services ask of a sidecar, with our Sidecar
 * scopes and without, in real Envoys. `--write` keeps the figures for docs/lab.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderScale, SCALE_FILE, type ScaleFigures, type ScaleMeasured } from '../documentation/scale-table';
import { LabError } from '../support/errors';
import { log } from '../support/teardown';
import { labTools } from '../toolchain/lab-tools';
import { violationsOf } from './bounds';
import { measureScale } from './measure';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      services: { type: 'string', default: '200,1000' },
      repeats: { type: 'string', default: '9' },
      write: { type: 'boolean', default: false },
    },
  });
  const sizes = values.services.split(',').map(Number);
  const repeats = Number(values.repeats);
  if (![...sizes, repeats].every((number) => Number.isInteger(number) && number > 0))
    throw new LabError(`'${values.services}' and '${values.repeats}' are not counts, such as 200,1000 and 9`);
  const tools = await labTools(['mesh', 'envoy'], log);
  const measured: ScaleMeasured[] = [];
  for (const size of sizes.sort((a, b) => a - b)) {
    log(`${size} services: synthesizing them, and starting their mesh twice`);
    measured.push(await measureScale(tools, size, repeats));
  }
  const figures: ScaleFigures = { repeats, measured };
  if (values.write) writeFileSync(SCALE_FILE, `${JSON.stringify(figures, null, 2)}\n`);
  process.stdout.write(`${renderScale(figures)}\n`);
  const violations = violationsOf(measured);
  if (violations.length > 0) throw new LabError(violations.join('\n'));
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
