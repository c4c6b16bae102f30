/** Mutation test of the mesh lab: changes the synthesized objects and expects a test to fail. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment } from '../../model/environment';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/command-line';
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { behaviourTests, startTestMesh, testBehaviour } from '../mesh-lab/behaviour/behaviour';
import { testInterception } from '../mesh-lab/interception/interception';
import { startStaticChecks } from '../mesh-lab/static/static';
import { LabError } from '../support/errors';
import { runTests, type LabTest, type TestResult } from '../support/lab-test';
import { projectRoot } from '../support/project-root';
import { type Results } from '../support/results';
import { objectsOf, synthesize } from '../support/synthesized';
import { isInterrupted, log, scratchFolder, Teardown } from '../support/teardown';
import { labTools, MESH_GROUP_NAMES } from '../toolchain/lab-tools';
import { ACCESS_MUTATIONS } from './access-mutations';
import { BROWSER_MUTATIONS } from './browser-mutations';
import { EGRESS_MUTATIONS } from './egress-mutations';
import { INTERCEPTION_MUTATIONS } from './interception-mutations';
import { type Mutation } from './mutation';
import { SHUTDOWN_MUTATIONS } from './shutdown-mutations';
import { STATIC_MUTATIONS } from './static-mutations';
import { renderTable, replaceTable, type MutationResult } from './table';
import { TRAFFIC_MUTATIONS } from './traffic-mutations';

const ENVIRONMENT = 'prod';
/** Connections that an old policy has authorized stay open for this long. */
const DRAIN_SECONDS = 1;
const ignore = () => undefined;

type OnMutation = (mutation: Mutation, tests: readonly TestResult[]) => void;

/**
 * Writes the table of docs/lab.md if all mutations ran.
 *
 * @param pattern regular expression for descriptions of mutations; default: all
 */
export async function runMutations(pattern: string | undefined, recorded: Results): Promise<void> {
  const isSelected = ({ what }: Mutation) => pattern === undefined || new RegExp(pattern).test(what);
  const selected = {
    static: STATIC_MUTATIONS.filter(isSelected),
    behaviour: [...ACCESS_MUTATIONS, ...BROWSER_MUTATIONS, ...TRAFFIC_MUTATIONS, ...EGRESS_MUTATIONS].filter(
      isSelected,
    ),
    shutdown: SHUTDOWN_MUTATIONS.filter(isSelected),
    interception: INTERCEPTION_MUTATIONS.filter(isSelected),
  };
  if (Object.values(selected).every((mutations) => mutations.length === 0))
    throw new UsageError(`no mutation matches '${pattern ?? ''}'`);
  await labTools(MESH_GROUP_NAMES, log);
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'lab-mutate-');
  const results: MutationResult[] = [];
  const onMutation: OnMutation = (mutation, tests) => {
    const result = resultOf(mutation, tests);
    const seconds = tests.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
    const survived = result.killedBy === undefined;
    results.push(result);
    recorded.add('mutation', {
      name: mutation.what,
      seconds,
      ...(survived && { failure: `no test of ${String(mutation.killedBy)} failed` }),
      output: survived ? 'survived' : `${result.killedBy}: ${result.seen}`,
    });
    log(survived ? `SURVIVED  ${mutation.what}` : `killed    ${mutation.what}: ${result.killedBy}`);
  };
  try {
    await synthesize(folder);
    const environment = environmentNamed(catalogue(), ENVIRONMENT);
    const objects = objectsOf(folder, ENVIRONMENT);
    await mutateStatic(environment, objects, selected.static, onMutation);
    await mutateBehaviour(environment, objects, selected.behaviour, onMutation);
    await mutateShutdown(environment, objects, selected.shutdown, onMutation);
    await mutateInterception(environment, objects, selected.interception, onMutation);
  } finally {
    await teardown.run();
  }
  if (isInterrupted()) return;
  if (pattern === undefined) writeTable(results);
  const killed = results.filter(({ killedBy }) => killedBy !== undefined).length;
  process.stdout.write(`${killed} of ${results.length} mutations killed\n`);
}

async function mutateStatic(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  mutations: readonly Mutation[],
  onMutation: OnMutation,
): Promise<void> {
  if (mutations.length === 0) return;
  const checks = await startStaticChecks();
  try {
    await requirePassed(checks.labTests(environment, objects), mutations);
    for (const mutation of mutations) {
      const labTests = checks.labTests(environment, mutation.change(objects));
      onMutation(mutation, await runTests(labTests.filter(kills(mutation)), ignore));
    }
  } finally {
    await checks.stop();
  }
}

/** One mesh gets every mutation in turn, and the original objects after each. */
async function mutateBehaviour(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  mutations: readonly Mutation[],
  onMutation: OnMutation,
): Promise<void> {
  if (mutations.length === 0) return;
  const mesh = await startTestMesh(environment, objects, { drainSeconds: DRAIN_SECONDS });
  const labTests = behaviourTests(mesh);
  const update = async (changed: readonly KubernetesManifest[]) => {
    await mesh.update(changed);
    await sleep(DRAIN_SECONDS * 1_000 + 500);
    mesh.closeConnections();
  };
  try {
    await requirePassed(labTests, mutations);
    for (const mutation of mutations) {
      await update(mutation.change(objects));
      const killers = labTests.filter(kills(mutation)).map((labTest) => ({ ...labTest, attempts: 1 }));
      onMutation(mutation, await runTests(killers, ignore));
      await update(objects);
    }
  } finally {
    await mesh.stop();
  }
}

/** A pod can be shut down only once, so each run gets a new mesh. */
async function mutateShutdown(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  mutations: readonly Mutation[],
  onMutation: OnMutation,
): Promise<void> {
  if (mutations.length === 0) return;
  const run = (changed: readonly KubernetesManifest[], selected: readonly Mutation[]) =>
    testBehaviour(environment, changed, ignore, (id) => selected.some((mutation) => kills(mutation)({ id })));
  assertPassed(await run(objects, mutations));
  for (const mutation of mutations) onMutation(mutation, await run(mutation.change(objects), [mutation]));
}

/** Each mutation gets a new pod and a new network. */
async function mutateInterception(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  mutations: readonly Mutation[],
  onMutation: OnMutation,
): Promise<void> {
  if (mutations.length === 0) return;
  const run = async (changed: readonly KubernetesManifest[], selected: readonly Mutation[]) => {
    const { results, unmet } = await testInterception(environment, changed, ignore, (id) =>
      selected.some((mutation) => kills(mutation)({ id })),
    );
    if (unmet !== undefined) throw new LabError(`the mutations of interception cannot run: ${unmet}`);
    return results;
  };
  assertPassed(await run(objects, mutations));
  for (const mutation of mutations) onMutation(mutation, await run(mutation.change(objects), [mutation]));
}

function kills({ killedBy }: Mutation): (labTest: Pick<LabTest, 'id'>) => boolean {
  return ({ id }) => killedBy.test(id);
}

/** A test that fails without the mutation too does not detect it. */
async function requirePassed(labTests: readonly LabTest[], mutations: readonly Mutation[]): Promise<void> {
  const needed = labTests.filter((labTest) => mutations.some((mutation) => kills(mutation)(labTest)));
  assertPassed(await runTests(needed, ignore));
}

function assertPassed(results: readonly TestResult[]): void {
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0)
    throw new LabError(
      `these tests fail without any mutation:\n${failed.map(({ id, seen }) => `${id}: ${seen}`).join('\n')}`,
    );
}

function resultOf({ what }: Mutation, tests: readonly TestResult[]): MutationResult {
  const failed = tests.find(({ passed }) => !passed);
  return { what, killedBy: failed?.id, seen: failed?.seen.split('\n')[0] ?? '' };
}

function writeTable(results: readonly MutationResult[]): void {
  const file = join(projectRoot(), 'docs', 'lab.md');
  writeFileSync(file, replaceTable(readFileSync(file, 'utf8'), renderTable(results)));
}
