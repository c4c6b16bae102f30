/** `npm run lab:mutate`: makes the objects wrong, one line at a time, and asks whether the lab notices. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment } from '../../model/environment';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { behaviourTests, testBehaviour, startProvingGround } from '../mesh-lab/behaviour/behaviour';
import { runTests, type LabTest, type TestResult } from '../support/lab-test';
import { testInterception } from '../mesh-lab/interception/interception';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import { startStaticGround } from '../mesh-lab/static/static';
import { objectsOf, synthesize } from '../support/synthesized';
import { scratchFolder, isInterrupted, log, Teardown } from '../support/teardown';
import { labTools, MESH_GROUP_NAMES } from '../toolchain/lab-tools';
import { ACCESS_MUTATIONS } from './access-mutations';
import { EGRESS_MUTATIONS } from './egress-mutations';
import { INTERCEPTION_MUTATIONS } from './interception-mutations';
import { type Mutation } from './mutation';
import { SHUTDOWN_MUTATIONS } from './shutdown-mutations';
import { STATIC_MUTATIONS } from './static-mutations';
import { replaceTable, renderTable, type Outcome } from './table';
import { TRAFFIC_MUTATIONS } from './traffic-mutations';

const ENVIRONMENT = 'prod';
/** Until connections that an old policy judged are closed. */
const DRAIN_SECONDS = 1;
const silently = () => undefined;

async function main(pattern?: string): Promise<void> {
  const teardown = new Teardown();
  await labTools(MESH_GROUP_NAMES, log);
  const folder = scratchFolder(teardown, 'lab-mutate-');
  try {
    await synthesize(folder);
    const environment = environmentNamed(catalogue(), ENVIRONMENT);
    const objects = objectsOf(folder, ENVIRONMENT);
    const wanted = ({ what }: Mutation) => pattern === undefined || new RegExp(pattern).test(what);
    const outcomes = [
      ...(await mutateStatics(environment, objects, STATIC_MUTATIONS.filter(wanted))),
      ...(await mutateBehaviour(
        environment,
        objects,
        [...ACCESS_MUTATIONS, ...TRAFFIC_MUTATIONS, ...EGRESS_MUTATIONS].filter(wanted),
      )),
      ...(await mutateShutdown(environment, objects, SHUTDOWN_MUTATIONS.filter(wanted))),
      ...(await mutateInterception(environment, objects, INTERCEPTION_MUTATIONS.filter(wanted))),
    ];
    if (isInterrupted()) return;
    if (pattern === undefined) writeTable(outcomes);
    const missed = outcomes.filter(({ by }) => by === undefined);
    log(`${outcomes.length - missed.length} of ${outcomes.length} mutations caught`);
    if (missed.length > 0) process.exitCode = 1;
  } finally {
    await teardown.run();
  }
}

async function mutateStatics(
  environment: Environment,
  objects: readonly KubernetesObject[],
  mutations: readonly Mutation[],
): Promise<Outcome[]> {
  if (mutations.length === 0) return [];
  const ground = await startStaticGround();
  const outcomes: Outcome[] = [];
  try {
    await requirePassed(ground.labTests(environment, objects), mutations);
    for (const mutation of mutations) {
      const labTests = ground.labTests(environment, mutation.change(objects));
      const catchers = labTests.filter(({ id }) => mutation.caughtBy.test(id));
      outcomes.push(reported(mutation, await runTests(catchers, silently)));
    }
  } finally {
    await ground.stop();
  }
  return outcomes;
}

/** One mesh takes every mutation in turn, and is put right again after each. */
async function mutateBehaviour(
  environment: Environment,
  objects: readonly KubernetesObject[],
  mutations: readonly Mutation[],
): Promise<Outcome[]> {
  if (mutations.length === 0) return [];
  const mesh = await startProvingGround(environment, objects, { drainSeconds: DRAIN_SECONDS });
  const labTests = behaviourTests(mesh);
  const outcomes: Outcome[] = [];
  const put = async (wanted: readonly KubernetesObject[]) => {
    await mesh.update(wanted);
    await sleep(DRAIN_SECONDS * 1_000 + 500);
    mesh.forgetConnections();
  };
  try {
    await requirePassed(labTests, mutations);
    for (const mutation of mutations) {
      await put(mutation.change(objects));
      const catchers = labTests
        .filter(({ id }) => mutation.caughtBy.test(id))
        .map((labTest) => ({ ...labTest, attempts: 1 }));
      outcomes.push(reported(mutation, await runTests(catchers, silently)));
      await put(objects);
    }
  } finally {
    await mesh.stop();
  }
  return outcomes;
}

/** Pods end once, so each mutation gets a mesh of its own, and so does none. */
async function mutateShutdown(
  environment: Environment,
  objects: readonly KubernetesObject[],
  mutations: readonly Mutation[],
): Promise<Outcome[]> {
  if (mutations.length === 0) return [];
  const prove = (changed: readonly KubernetesObject[], wanted: readonly Mutation[]) =>
    testBehaviour(environment, changed, silently, (id) => wanted.some(({ caughtBy }) => caughtBy.test(id)));
  assertPassed(await prove(objects, mutations));
  const outcomes: Outcome[] = [];
  for (const mutation of mutations)
    outcomes.push(reported(mutation, await prove(mutation.change(objects), [mutation])));
  return outcomes;
}

/** Each mutation gets a pod and a network of its own. */
async function mutateInterception(
  environment: Environment,
  objects: readonly KubernetesObject[],
  mutations: readonly Mutation[],
): Promise<Outcome[]> {
  const prove = (changed: readonly KubernetesObject[], wanted: readonly Mutation[]) =>
    testInterception(environment, changed, silently, (id) =>
      wanted.some(({ caughtBy }) => caughtBy.test(id)),
    );
  const { verdicts, obstacle } = await prove(objects, mutations);
  if (obstacle !== undefined)
    throw new LabError(`nothing can be redirected, and so not mutated: ${obstacle}`);
  assertPassed(verdicts);
  const outcomes: Outcome[] = [];
  for (const mutation of mutations)
    outcomes.push(reported(mutation, (await prove(mutation.change(objects), [mutation])).verdicts));
  return outcomes;
}

/** A claim that is broken anyway catches nothing. */
async function requirePassed(labTests: readonly LabTest[], mutations: readonly Mutation[]): Promise<void> {
  const needed = labTests.filter(({ id }) => mutations.some(({ caughtBy }) => caughtBy.test(id)));
  assertPassed(await runTests(needed, silently));
}

function assertPassed(verdicts: readonly TestResult[]): void {
  const broken = verdicts.filter(({ passed: kept }) => !kept);
  if (broken.length > 0)
    throw new LabError(`without any mutation, ${broken.map(({ id, seen }) => `${id}: ${seen}`).join('\n')}`);
}

function reported(mutation: Mutation, verdicts: readonly TestResult[]): Outcome {
  const caught = verdicts.find(({ passed: kept }) => !kept);
  log(`${caught ? 'caught' : 'MISSED'}  ${mutation.what}${caught ? `: ${caught.id}` : ''}`);
  return { what: mutation.what, by: caught?.id, seen: caught?.seen.split('\n')[0] ?? '' };
}

function writeTable(outcomes: readonly Outcome[]): void {
  const file = join(projectRoot(), 'docs', 'lab.md');
  writeFileSync(file, replaceTable(readFileSync(file, 'utf8'), renderTable(outcomes)));
}

main(process.argv[2]).catch((error: unknown) => {
  if (!(error instanceof LabError)) throw error;
  log(error.message);
  process.exitCode = 1;
});
