/**
 * Lets new versions fail in real Envoys, at the weights that are committed for prod, and measures how long their
 * rollback takes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { LATENCY_BOUNDARIES_MS } from '../../model/slo/latency-reading';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed, serviceNamed } from '../../tools/selection';
import { startShop } from '../rollback-controller/shop';
import { writeVariant } from '../rollback-controller/variant';
import { startWorld } from '../rollback-controller/world';
import { LabError } from '../support/errors';
import { startMesh } from '../mesh-lab/mesh/start-mesh';
import type { Results } from '../support/results';
import { objectsOf, synthesize } from '../support/synthesized';
import { log, scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { CANARY_LAB_FILE, type CanaryLabFigures, type ScenarioResult } from './figures';
import { measureRelease } from './release';
import { SCENARIOS, type Scenario } from './scenarios';

const ENVIRONMENT = 'prod';
/** Hides the sampling, so that the figures show the detectors alone. */
export const DEFAULT_SCRAPE_SECONDS = 1;
const LONGEST_SAMPLING_SECONDS = 60;
const SPEEDS = [1, 2, 3, 4, 6, 10, 12, 15, 20];

export interface CanaryLabOptions {
  /** 1 runs in real time; windows and intervals shrink by the factor. */
  readonly speed: number;
  /** Between two scrapes of a proxy. */
  readonly scrapeSeconds: number;
  /** Text that the names of the scenarios contain. */
  readonly only: string;
  /** Saves the figures for docs/canary.md. */
  readonly write?: boolean;
}

export async function runCanaryLab(
  { speed, scrapeSeconds, only, write = false }: CanaryLabOptions,
  results: Results,
): Promise<void> {
  if (!SPEEDS.includes(speed))
    throw new LabError(
      `speed ${speed} does not divide a minute into whole seconds; use ${SPEEDS.join(', ')}`,
    );
  if (scrapeSeconds < 1 || scrapeSeconds * speed > LONGEST_SAMPLING_SECONDS)
    throw new LabError(
      `--scrape-seconds ${scrapeSeconds} is a sample every ${scrapeSeconds * speed} s of production at speed ${speed}; the queries count samples of up to ${LONGEST_SAMPLING_SECONDS} s, so lower one of them`,
    );
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(only));
  if (write && scrapeSeconds !== DEFAULT_SCRAPE_SECONDS)
    throw new LabError(`the figures of docs/canary.md need --scrape-seconds ${DEFAULT_SCRAPE_SECONDS}`);
  if (scenarios.length === 0 || (write && scenarios.length < SCENARIOS.length))
    throw new LabError(`--only '${only}' matches ${scenarios.length} scenarios; --write needs all of them`);
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
    const setting = { environment, outputFolder, speed, scrapeSeconds, tools };
    // One after the other: in parallel they would slow each other down.
    const figures: ScenarioResult[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      log(`${index + 1} of ${scenarios.length}: ${scenario.name}`);
      const started = performance.now();
      const measuredScenario = await runScenario(scenario, setting);
      const failure = failureOf(environment, measuredScenario, scenario.outcomes);
      figures.push(measuredScenario);
      results.add('canary-lab', {
        name: scenario.name,
        seconds: (performance.now() - started) / 1_000,
        output: JSON.stringify(measuredScenario),
        ...(failure !== undefined && { failure }),
      });
      if (failure !== undefined) log(`FAILED  ${failure}`);
    }
    return { environment, measured: figures };
  });
  await teardown.run();
  if (!write) return;
  const figures: CanaryLabFigures = {
    speed,
    clientsPerSecond: clientsPerSecond(environment, speed),
    measured,
  };
  writeFileSync(CANARY_LAB_FILE, `${JSON.stringify(figures, null, 2)}\n`);
}

interface Setting {
  readonly environment: Environment;
  readonly outputFolder: string;
  readonly speed: number;
  readonly scrapeSeconds: number;
  readonly tools: Awaited<ReturnType<typeof labTools>>;
}

/** Each scenario gets its own mesh and its own API server. */
async function runScenario(scenario: Scenario, setting: Setting): Promise<ScenarioResult> {
  const { environment, outputFolder, speed, scrapeSeconds, tools } = setting;
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
      // As in the metric that Google's proxies write.
      histogramBoundariesMs: LATENCY_BOUNDARIES_MS,
      log,
    });
    teardown.add(() => mesh.stop());
    const one = await measureRelease({
      mesh,
      world,
      tools,
      services,
      scenario,
      speed,
      scrapeSeconds,
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

/** The first unexpected outcome; undefined if there is none. */
function failureOf(
  environment: Environment,
  { scenario, outcomes }: ScenarioResult,
  expectedActions: Scenario['outcomes'],
): string | undefined {
  for (const { service, action = 'nothing', detector, weightPercent, later } of outcomes) {
    if (action !== expectedActions[service])
      return `${scenario}: the action for ${service} was '${action}'${detector === undefined ? '' : ` by '${detector}'`}, expected '${expectedActions[service]}'`;
    const isRolledBack = action === 'rollback';
    const committed = canaryVersion(serviceNamed(environment, service))?.weightPercent;
    const expected = isRolledBack ? 0 : committed;
    if (weightPercent !== expected)
      return `${scenario}: the final weight of ${service} is ${weightPercent} %, expected ${expected} %`;
    if (isRolledBack && later !== 0)
      return `${scenario}: the canary of ${service} got ${later ?? 'an unknown number of'} requests after its rollback`;
  }
  return undefined;
}
