/**
 * `npm run lab:canary [-- --speed 1]`: lets new versions fail in real Envoys, at the weights that are committed for
 * prod, and measures how long they may go on. At speed 1 it takes forty minutes; the default is twelve times as
 * fast. `--only <text>` plays the scenarios whose name has it; `--write` keeps the figures of all for docs/canary.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { CatalogueError } from '../../model/source/violation';
import { catalogue } from '../../tools/catalogue';
import type { Played } from '../documentation/canary-lab-table';
import { environmentNamed, serviceNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { startShop } from '../rollback-controller/shop';
import { writeVariant } from '../rollback-controller/variant';
import { startWorld } from '../rollback-controller/world';
import { LabError } from '../support/errors';
import { startMesh } from '../mesh-lab/mesh/start-mesh';
import { objectsOf, synthesize } from '../support/synthesized';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { measureRelease } from './release';
import { SCENARIOS, type Scenario } from './scenarios';

const FIGURES_FILE = 'docs/generated/canary-lab.json';
const ENVIRONMENT = 'prod';
const SPEEDS = [1, 2, 3, 4, 6, 10, 12, 15, 20];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      speed: { type: 'string', default: '12' },
      only: { type: 'string', default: '' },
      write: { type: 'boolean', default: false },
    },
  });
  const speed = Number(values.speed);
  if (!SPEEDS.includes(speed))
    throw new LabError(`speed '${values.speed}' leaves no whole seconds of a minute; use 1 or 12`);
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only));
  if (scenarios.length === 0 || (values.write && scenarios.length < SCENARIOS.length))
    throw new LabError(`--only '${values.only}' leaves ${scenarios.length} scenarios; --write wants all`);
  const log = (message: string) => process.stderr.write(`${message}\n`);
  const teardown = new Teardown();
  const { environment, measured } = await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-canary-');
    process.env['MESH_CONFIG'] = writeVariant(process.env['MESH_CONFIG'] ?? 'mesh-config', folder, [
      ENVIRONMENT,
    ]);
    const outputFolder = join(folder, 'cdktf.out');
    await synthesize(outputFolder);
    const tools = await labTools(['prometheus', 'workflows'], log);
    const environment = environmentNamed(catalogue(), ENVIRONMENT);
    const setting = { environment, outputFolder, speed, tools, log };
    // One after the other: beside each other they would be late themselves.
    const results: Played[] = [];
    for (const scenario of scenarios) results.push(await playScenario(scenario, setting));
    return { environment, measured: results };
  });
  await teardown.run();
  if (values.write) {
    const figures = { speed, clientsPerSecond: clientsPerSecond(environment, speed), measured };
    writeFileSync(FIGURES_FILE, `${JSON.stringify(figures, null, 2)}\n`);
  }
  measured.forEach((one, index) => assertOutcomes(environment, one, scenarios[index]?.outcomes ?? {}));
}

interface Setting {
  readonly environment: Environment;
  readonly outputFolder: string;
  readonly speed: number;
  readonly tools: Awaited<ReturnType<typeof labTools>>;
  readonly log: (message: string) => void;
}

/** Each in a mesh of its own, beside an API server of its own. */
async function playScenario(scenario: Scenario, setting: Setting): Promise<Played> {
  const { environment, outputFolder, speed, tools, log } = setting;
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const [first, ...others] = scenario.canaries;
    const services = [
      serviceNamed(environment, first),
      ...others.map((name) => serviceNamed(environment, name)),
    ] as const;
    const workloads = [
      'ingress-gateway',
      ...services.flatMap(({ versions }) => versions.map((v) => v.workload)),
    ];
    const shop = await startShop(teardown, environment, outputFolder);
    const emulator = toolPath(tools, 'workflows-emulator');
    const world = await startWorld(teardown, shop, { emulator, outputFolder });
    const mesh = await startMesh({
      environment,
      objects: objectsOf(outputFolder, ENVIRONMENT),
      replicasOf: (workload) => (workloads.includes(workload) ? {} : { full: 0 }),
      log,
    });
    teardown.add(() => mesh.stop());
    const one = await measureRelease({
      ...{ mesh, world, tools, services, scenario, speed },
      clientsPerSecond: clientsPerSecond(environment, speed),
    });
    log(JSON.stringify(one));
    await teardown.run();
    return one;
  });
}

function clientsPerSecond(environment: Environment, speed: number): number {
  const { slos } = serviceNamed(environment, 'checkout');
  return slos.expectedRequestsPerSecond * Math.min(speed, 3);
}

function assertOutcomes(
  environment: Environment,
  { scenario, outcomes }: Played,
  expectedOutcomes: Scenario['outcomes'],
): void {
  for (const { service, action, detector, weightPercent, later } of outcomes) {
    const committed = canaryVersion(serviceNamed(environment, service))?.weightPercent;
    const done = action ?? 'nothing';
    if (done !== expectedOutcomes[service])
      throw new LabError(
        `${scenario}: ${service} met with ${done}${detector === undefined ? '' : ` by '${detector}'`}, not with ${expectedOutcomes[service]}`,
      );
    const hasEnded = done === 'rollback';
    const expected = hasEnded ? 0 : committed;
    if (weightPercent !== expected)
      throw new LabError(`${scenario}: ${service} is left at ${weightPercent} %, not at ${expected} %`);
    if (hasEnded && later !== 0)
      throw new LabError(`${scenario}: the canary of ${service} was asked ${later ?? 'untold'} times more`);
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
