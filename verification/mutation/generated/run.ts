/** Mutation test with generated mutants: of every kind of object, every field, and every kind of mistake. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { catalogue } from '../../../tools/catalogue';
import { environmentNamed } from '../../../tools/selection';
import { firstFinding } from '../../judges/judges';
import { startKubernetes } from '../../kubernetes/api-server';
import type { KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { createNamespaces } from '../../mesh-lab/static/admission';
import { LabError } from '../../support/errors';
import { projectRoot } from '../../support/project-root';
import type { Results } from '../../support/results';
import { objectsOf, synthesize } from '../../support/synthesized';
import { isInterrupted, log, scratchFolder, Teardown } from '../../support/teardown';
import { labTools, MESH_GROUP_NAMES, toolPath } from '../../toolchain/lab-tools';
import { judgeAcceptance } from './acceptance';
import { GENERATED_MUTATIONS_FILE } from './figures';
import { generateMutants } from './generate';
import { laterStages } from './later-stages';
import { applyMutant, type Mutant } from './mutant';
import { MutationProgress } from './progress';
import { stratified } from './sample';
import { explanationOf, figuresOf, shortfallsOf } from './score';

export interface GeneratedOptions {
  readonly count: number;
  readonly seed: number;
  /** Saves the figures for docs/lab.md. */
  readonly write?: true;
}

const ENVIRONMENT = 'prod';
const PROGRESS_FILE = 'lab-report/mutation-progress.json';
/** Candidates that are checked at a time until enough are accepted. */
const CANDIDATES = 200;

interface Sample {
  readonly accepted: readonly Mutant[];
  readonly possible: number;
  readonly refused: number;
  readonly unchanged: number;
}

export async function runGeneratedMutations(options: GeneratedOptions, recorded: Results): Promise<void> {
  await labTools(MESH_GROUP_NAMES, log);
  const teardown = new Teardown();
  const outputFolder = scratchFolder(teardown, 'lab-mutants-');
  try {
    await synthesize(outputFolder);
    const environment = environmentNamed(catalogue(), ENVIRONMENT);
    const objects = objectsOf(outputFolder, ENVIRONMENT);
    const progress = new MutationProgress(PROGRESS_FILE, [objects, options.count, options.seed]);
    const sample = await sampleOf(objects, options);
    log(
      `${sample.accepted.length} mutants of ${sample.possible}; ${sample.refused} others are refused by a cluster`,
    );
    judge(environment, objects, sample.accepted, progress);
    for (const stage of laterStages({ environment, objects, outputFolder, teardown })) {
      const left = sample.accepted.filter(
        (mutant) =>
          stage.isAbout(mutant) &&
          explanationOf(mutant) === undefined &&
          progress.verdictOf(mutant.id) === null &&
          progress.verdictOf(`${stage.name}/${mutant.id}`) === undefined,
      );
      if (left.length === 0) continue;
      log(`${stage.name}: ${left.length} mutants`);
      const test = await stage.start();
      for (const mutant of left) {
        if (isInterrupted()) return;
        const verdict = await test(mutant);
        progress.record(mutant.id, verdict);
        // Says that the stage has tested it, so that a later run does not repeat it.
        progress.record(`${stage.name}/${mutant.id}`, verdict);
        progress.save();
        log(
          `${verdict === null ? 'not noticed' : 'killed     '}  ${mutant.id}${verdict === null ? '' : `: ${verdict}`}`,
        );
      }
    }
    report(sample, progress, options, recorded);
  } finally {
    await teardown.run();
  }
}

/** The first mutants, in the order of the strata, that a cluster accepts. */
async function sampleOf(
  objects: readonly KubernetesManifest[],
  { count, seed }: GeneratedOptions,
): Promise<Sample> {
  const mutants = generateMutants(objects);
  const candidates = stratified(mutants, seed);
  const tools = await labTools(['mesh'], log);
  const kubernetes = await startKubernetes({ log });
  const accepted: Mutant[] = [];
  const others = { refused: 0, unchanged: 0 };
  try {
    await createNamespaces(kubernetes.client, objects);
    for (let start = 0; start < candidates.length && accepted.length < count; start += CANDIDATES) {
      const batch = candidates.slice(start, start + CANDIDATES);
      const found = await judgeAcceptance(kubernetes.client, toolPath(tools, 'istioctl'), batch);
      for (const mutant of batch) {
        if (accepted.length === count) break;
        const acceptance = found.get(mutant);
        if (acceptance === 'accepted') accepted.push(mutant);
        else if (acceptance !== undefined) others[acceptance] += 1;
      }
    }
  } finally {
    await kubernetes.stop();
  }
  return { accepted, possible: mutants.length, ...others };
}

/** The judges need neither a cluster nor a proxy. */
function judge(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  mutants: readonly Mutant[],
  progress: MutationProgress,
): void {
  for (const mutant of mutants) {
    const known = progress.verdictOf(mutant.id);
    if (known !== undefined && known !== null) continue;
    const finding = firstFinding(
      { environment, objects: applyMutant(objects, mutant) },
      mutant.original.kind,
    );
    if (finding !== undefined) progress.record(mutant.id, `judge/${finding.split(':')[0] ?? ''}`);
    else if (known === undefined) progress.record(mutant.id, null);
  }
  progress.save();
}

function report(
  sample: Sample,
  progress: MutationProgress,
  { seed, write }: GeneratedOptions,
  recorded: Results,
): void {
  const { possible, refused, unchanged, accepted } = sample;
  const facts = {
    environment: ENVIRONMENT,
    seed,
    possible,
    refused,
    unchanged,
    minutes: Math.ceil(progress.seconds / 60),
  };
  const figures = figuresOf(facts, accepted, (mutant) => progress.verdictOf(mutant.id) ?? null);
  const violations = shortfallsOf(figures);
  for (const [kind, { killed, total }] of Object.entries(figures.byKind))
    recorded.add('mutants', { name: kind, seconds: 0, output: `${killed} of ${total} killed` });
  for (const failure of violations) recorded.add('mutants', { name: failure, seconds: 0, failure });
  const killed = accepted.length - figures.survivors.length;
  process.stdout.write(`${killed} of ${accepted.length} mutants killed\n`);
  if (violations.length > 0) throw new LabError(violations.join('\n'));
  if (write)
    writeFileSync(join(projectRoot(), GENERATED_MUTATIONS_FILE), `${JSON.stringify(figures, null, 2)}\n`);
}
