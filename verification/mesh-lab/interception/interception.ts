/** Runs the tests of the redirected pod in a separate network namespace. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment } from '../../../model/environment';
import { type TestResult } from '../../support/lab-test';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { LabError } from '../../support/errors';
import { startProcess } from '../../support/processes';
import { scratchFolder, Teardown } from '../../support/teardown';
import { interceptionTests, redirectedWorkload } from './tests';
import { unmetRequirement } from './unmet-requirement';
import { type RedirectedPod } from './redirected-pod';

export interface Interception {
  readonly results: readonly TestResult[];
  /** Why the tests cannot run on this machine. */
  readonly unmet?: string;
}

export async function testInterception(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  onResult: (result: TestResult) => void,
  isSelected: (id: string) => boolean = () => true,
): Promise<Interception> {
  const redirected = redirectedWorkload(environment);
  if (redirected === undefined) return { results: [] };
  const ids = interceptionTests(environment, redirected, notStarted)
    .map(({ id }) => id)
    .filter(isSelected);
  if (ids.length === 0) return { results: [] };
  const unmet = unmetRequirement();
  if (unmet !== undefined) return { results: [], unmet };

  const teardown = new Teardown();
  try {
    const folder = scratchFolder(teardown, 'lab-redirected-');
    const objectsFile = join(folder, 'objects.json');
    writeFileSync(objectsFile, JSON.stringify(objects));
    const child = startProcess(teardown, {
      name: 'the lab with the redirected pod',
      program: 'unshare',
      args: [
        '--net',
        process.execPath,
        require.resolve('./namespace-main'),
        objectsFile,
        environment.name,
        JSON.stringify(ids),
      ],
      cwd: process.cwd(),
      logFile: join(folder, 'namespace.log'),
      graceMs: 20_000,
    });
    while (!child.ended()) await sleep(50);
    const results = resultsIn(child.log());
    results.forEach(onResult);
    return { results };
  } finally {
    await teardown.run();
  }
}

function resultsIn(log: string): TestResult[] {
  const line = log.split('\n').find((text) => text.startsWith('['));
  if (line === undefined) throw new LabError(`the lab with the redirected pod failed:\n${log.trim()}`);
  return JSON.parse(line) as TestResult[];
}

/** Placeholder while only the ids of the tests are needed. */
function notStarted(): RedirectedPod {
  throw new Error('the redirected pod is not started');
}
