import { trustDomain } from '../../../model/naming';
import { type Environment } from '../../../model/environment';
import { runTests, type LabTest, type TestResult } from '../../support/lab-test';
import { startKubernetes } from '../../kubernetes/api-server';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { scratchFolder, orTearDown, Teardown } from '../../support/teardown';
import { labTools } from '../../toolchain/lab-tools';
import { admissionTests } from './admission';
import { analysisTests, type StaticInput } from './analysis';

/** An API server and Istio's analyzers, for the objects of any environment. */
export interface StaticChecks {
  readonly labTests: (environment: Environment, objects: readonly KubernetesManifest[]) => LabTest[];
  readonly stop: () => Promise<void>;
}

export async function startStaticChecks(): Promise<StaticChecks> {
  const tools = await labTools(['mesh'], () => undefined);
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-static-');
    const kubernetes = await startKubernetes();
    teardown.add(() => kubernetes.stop());
    return {
      stop: () => teardown.run(),
      labTests: ({ name, project }, objects) => {
        const subject: StaticInput = { environment: name, objects, trustDomain: trustDomain(project.id) };
        return [...analysisTests(tools, folder, subject), ...admissionTests(kubernetes.client, subject)];
      },
    };
  });
}

/** Runs Istio's analyzers and the admission of a real API server on the objects of every environment. */
export async function testStatics(
  environments: readonly Environment[],
  objectsOf: (environment: string) => readonly KubernetesManifest[],
  onResult: (result: TestResult) => void,
  isSelected: (id: string) => boolean = () => true,
): Promise<TestResult[]> {
  const checks = await startStaticChecks();
  try {
    const labTests = environments.flatMap((environment) =>
      checks.labTests(environment, objectsOf(environment.name)),
    );
    return await runTests(
      labTests.filter(({ id }) => isSelected(id)),
      onResult,
    );
  } finally {
    await checks.stop();
  }
}
