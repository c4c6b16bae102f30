/**
 * `npm run lab:canary [-- --speed 1]`: lets the new version of checkout fail in real Envoys, at the weight that is
 * committed for prod, and measures how long it may go on. At speed 1 it takes a quarter of an hour; the
 * default is twelve times as fast. `--write` keeps the figures for docs/canary.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed, serviceNamed } from '../../tools/selection';
import { LabError } from '../lab-error';
import { startMesh } from '../mesh/start-mesh';
import { scratchFolder } from '../scratch-folder';
import { objectsOf, synthesize } from '../synthesized';
import { Teardown } from '../teardown';
import { labTools } from '../tools/lab-tools';
import { FAULTS, type Fault } from './faults';
import { measureRelease, type Measured } from './release';

const FIGURES_FILE = 'docs/generated/canary-lab.json';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { speed: { type: 'string', default: '12' }, write: { type: 'boolean', default: false } },
  });
  const speed = Number(values.speed);
  if (![1, 2, 3, 4, 6, 10, 12, 15, 20].includes(speed))
    throw new LabError(`speed '${values.speed}' leaves no whole seconds of a minute; use 1 or 12`);
  const tell = (message: string) => process.stderr.write(`${message}\n`);
  const environment = environmentNamed(catalogue(), 'prod');
  const service = serviceNamed(environment, 'checkout');
  const tools = await labTools(['prometheus'], tell);
  const visitorsPerSecond = service.slos.expectedRequestsPerSecond * Math.min(speed, 3);
  const teardown = new Teardown();
  const measured: Measured[] = [];
  try {
    const folder = scratchFolder(teardown, 'lab-canary-');
    await synthesize(folder);
    const objects = objectsOf(folder, environment.name);
    const measure = async (fault: Fault) => {
      const mesh = await startMesh({
        environment,
        objects,
        replicasOf: (workload) => (/^(checkout-v\d+|ingress-gateway)$/.test(workload) ? {} : { full: 0 }),
        tell,
      });
      try {
        const duration = { healthyMinutes: 2, faultyMinutes: 10 };
        const one = await measureRelease({
          ...{ mesh, tools, service, fault, speed, visitorsPerSecond },
          ...duration,
        });
        tell(JSON.stringify(one));
        return one;
      } finally {
        await mesh.stop();
      }
    };
    // At the rate of production they fit side by side; faster, they would disturb each other.
    if (speed === 1) measured.push(...(await Promise.all(FAULTS.map(measure))));
    else for (const fault of FAULTS) measured.push(await measure(fault));
  } finally {
    await teardown.run();
  }
  if (values.write) {
    const weightPercent = service.versions[1]?.weightPercent;
    const figures = { speed, weightPercent, visitorsPerSecond, measured };
    writeFileSync(FIGURES_FILE, `${JSON.stringify(figures, null, 2)}\n`);
  }
  for (const one of measured) {
    if (one.ends !== (one.detector !== undefined))
      throw new LabError(
        `${one.fault}: ${one.detector === undefined ? 'nothing ended the release' : `'${one.detector}' ended a sound release`}`,
      );
    if ((one.later ?? 0) > 0) throw new LabError(`${one.fault}: the canary answered ${one.later} times more`);
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
