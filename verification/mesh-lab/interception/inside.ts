/**
 * Puts the claims to the test, in a network namespace that this process has to itself; prints the verdicts as JSON.
 *
 *     unshare --net node inside.js <file with the objects> <environment> <ids as JSON>
 */
import { readFileSync } from 'node:fs';
import { catalogue } from '../../../tools/catalogue';
import { environmentNamed } from '../../../tools/selection';
import { runTests } from '../../support/lab-test';
import { type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { orTearDown, Teardown } from '../../support/teardown';
import { labTools } from '../../toolchain/lab-tools';
import { interceptionTests, redirectedWorkload } from './tests';
import { startWorld, type World } from './world';

async function main([file = '', name = '', chosen = '[]']: readonly string[]): Promise<void> {
  const environment = environmentNamed(catalogue(), name);
  const redirected = redirectedWorkload(environment);
  if (redirected === undefined) return print([]);
  const objects = JSON.parse(readFileSync(file, 'utf8')) as KubernetesObject[];
  const ids = JSON.parse(chosen) as readonly string[];
  const tools = await labTools(['mesh', 'envoy'], () => undefined);
  const teardown = new Teardown();
  let world: World | undefined;
  await orTearDown(teardown, async () => {
    world = await startWorld(teardown, tools, environment, objects, redirected.version.workload);
    const labTests = interceptionTests(environment, redirected, () => world as World);
    print(
      await runTests(
        labTests.filter(({ id }) => ids.includes(id)),
        () => undefined,
      ),
    );
    await teardown.run();
  });
}

function print(verdicts: unknown): void {
  process.stdout.write(`${JSON.stringify(verdicts)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
