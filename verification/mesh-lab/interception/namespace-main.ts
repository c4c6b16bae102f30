/**
 * Runs the tests in the network namespace of this process, and prints the results as JSON.
 *
 *     unshare --net node namespace-main.js <file with the objects> <environment> <test ids as JSON>
 */
import { readFileSync } from 'node:fs';
import { catalogue } from '../../../tools/catalogue';
import { environmentNamed } from '../../../tools/selection';
import { runTests } from '../../support/lab-test';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { orTearDown, Teardown } from '../../support/teardown';
import { labTools } from '../../toolchain/lab-tools';
import { interceptionTests, redirectedWorkload } from './tests';
import { startRedirectedPod, type RedirectedPod } from './redirected-pod';

async function main([file = '', name = '', selected = '[]']: readonly string[]): Promise<void> {
  const environment = environmentNamed(catalogue(), name);
  const redirected = redirectedWorkload(environment);
  if (redirected === undefined) return print([]);
  const objects = JSON.parse(readFileSync(file, 'utf8')) as KubernetesManifest[];
  const ids = JSON.parse(selected) as readonly string[];
  const tools = await labTools(['mesh', 'envoy'], () => undefined);
  const teardown = new Teardown();
  let pod: RedirectedPod | undefined;
  await orTearDown(teardown, async () => {
    pod = await startRedirectedPod(teardown, tools, environment, objects, redirected.version.workload);
    const labTests = interceptionTests(environment, redirected, () => pod as RedirectedPod);
    print(
      await runTests(
        labTests.filter(({ id }) => ids.includes(id)),
        () => undefined,
      ),
    );
    await teardown.run();
  });
}

function print(results: unknown): void {
  process.stdout.write(`${JSON.stringify(results)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
