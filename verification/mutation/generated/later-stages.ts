/** Tests of what the judges do not see: admission policies on an API server, Istio's analyzers, and real Envoys. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../../model/environment';
import { policyTests } from '../../rollback-controller/policy-tests';
import { startShop } from '../../rollback-controller/shop';
import type { KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { behaviourTests, startTestMesh } from '../../mesh-lab/behaviour/behaviour';
import { startStaticChecks } from '../../mesh-lab/static/static';
import { LabError } from '../../support/errors';
import { runTests, type LabTest } from '../../support/lab-test';
import type { Teardown } from '../../support/teardown';
import { applyMutant, type Mutant } from './mutant';
import type { Verdict } from './progress';

/** Tests the mutants that a stage is about, one after the other. */
export interface MutationStage {
  readonly name: string;
  readonly isAbout: (mutant: Mutant) => boolean;
  /** Starts what the tests need, and asserts that they pass without a mutation. */
  readonly start: () => Promise<(mutant: Mutant) => Promise<Verdict>>;
}

export interface StageInput {
  readonly environment: Environment;
  readonly objects: readonly KubernetesManifest[];
  /** Of the synthesized stacks. */
  readonly outputFolder: string;
  readonly teardown: Teardown;
}

/** The API server enforces a changed admission policy a moment after it has accepted it. */
const POLICY_DELAY_MS = 1_500;
/** Connections that an old policy has authorized stay open for this long. */
const DRAIN_SECONDS = 1;

const ADMISSION = /^ValidatingAdmissionPolicy/;
const ISTIO = /^(networking|security)\.istio\.io\//;
/** Slow, and about fields whose every value the judges compare with the catalogue. */
const LEFT_TO_JUDGES = /^(shutdown|ejection|pool|split)\//;

export function laterStages(input: StageInput): MutationStage[] {
  return [admissionStage(input), analyzerStage(input), envoyStage(input)];
}

async function firstFailure(labTests: readonly LabTest[]): Promise<Verdict> {
  for (const labTest of labTests) {
    const [result] = await runTests([{ ...labTest, attempts: 1 }], () => undefined);
    if (result?.passed === false) return result.id;
  }
  return null;
}

async function assertPasses(labTests: readonly LabTest[]): Promise<LabTest[]> {
  const results = await runTests(labTests, () => undefined);
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0)
    throw new LabError(
      `these tests fail without any mutation:\n${failed.map(({ id, seen }) => `${id}: ${seen}`).join('\n')}`,
    );
  return [...labTests];
}

function admissionStage({ environment, outputFolder, teardown }: StageInput): MutationStage {
  return {
    name: 'admission',
    isAbout: ({ original }) => ADMISSION.test(original.kind),
    start: async () => {
      const shop = await startShop(teardown, environment, outputFolder);
      const service = environment.services.find(({ versions }) => versions.length > 1);
      if (service === undefined) throw new LabError(`${environment.name} has no canary`);
      const labTests = await assertPasses(policyTests(shop, service));
      const { client } = shop.kubernetes;
      const put = async (object: KubernetesManifest) => {
        await client.apply(object, { force: true });
        await sleep(POLICY_DELAY_MS);
      };
      return async ({ original, changed }) => {
        if (changed === undefined) return null;
        try {
          await put(changed);
          return await firstFailure(labTests);
        } finally {
          await put(original);
        }
      };
    },
  };
}

function analyzerStage({ environment, objects, teardown }: StageInput): MutationStage {
  return {
    name: 'analyzers',
    isAbout: ({ original }) => ISTIO.test(original.apiVersion),
    start: async () => {
      const checks = await startStaticChecks();
      teardown.add(() => checks.stop());
      const testsOf = (mutated: readonly KubernetesManifest[]) =>
        checks.labTests(environment, mutated).filter(({ id }) => id.endsWith('-analyzed'));
      await assertPasses(testsOf(objects));
      return (mutant) => firstFailure(testsOf(applyMutant(objects, mutant)));
    },
  };
}

function envoyStage({ environment, objects, teardown }: StageInput): MutationStage {
  return {
    name: 'Envoys',
    isAbout: ({ original }) => ISTIO.test(original.apiVersion),
    start: async () => {
      const mesh = await startTestMesh(environment, objects, { drainSeconds: DRAIN_SECONDS });
      teardown.add(() => mesh.stop());
      const labTests = await assertPasses(behaviourTests(mesh).filter(({ id }) => !LEFT_TO_JUDGES.test(id)));
      const update = async (changed: readonly KubernetesManifest[]) => {
        await mesh.update(changed);
        await sleep(DRAIN_SECONDS * 1_000 + 500);
        mesh.closeConnections();
      };
      return async (mutant) => {
        try {
          await update(applyMutant(objects, mutant));
          return await firstFailure(labTests);
        } finally {
          await update(objects);
        }
      };
    },
  };
}
