/** Claims about a pod whose connections are redirected, put to the test in a network of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment } from '../../../model/environment';
import { type TestResult } from '../../support/lab-test';
import { type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { LabError } from '../../support/errors';
import { startProcess } from '../../support/processes';
import { scratchFolder, Teardown } from '../../support/teardown';
import { interceptionTests, redirectedWorkload } from './tests';
import { interceptionObstacle } from './obstacle';
import { type World } from './world';

export interface Interception {
  readonly verdicts: readonly TestResult[];
  /** Why this machine could not show it. */
  readonly obstacle?: string;
}

export async function testInterception(
  environment: Environment,
  objects: readonly KubernetesObject[],
  onResult: (verdict: TestResult) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<Interception> {
  const redirected = redirectedWorkload(environment);
  if (redirected === undefined) return { verdicts: [] };
  const ids = interceptionTests(environment, redirected, nowhere)
    .map(({ id }) => id)
    .filter(chosen);
  if (ids.length === 0) return { verdicts: [] };
  const obstacle = interceptionObstacle();
  if (obstacle !== undefined) return { verdicts: [], obstacle };

  const teardown = new Teardown();
  try {
    const folder = scratchFolder(teardown, 'lab-redirected-');
    const objectsFile = join(folder, 'objects.json');
    writeFileSync(objectsFile, JSON.stringify(objects));
    const child = startProcess(teardown, {
      name: 'the lab of the redirected pod',
      program: 'unshare',
      args: [
        ...['--net', process.execPath, require.resolve('./inside')],
        ...[objectsFile, environment.name, JSON.stringify(ids)],
      ],
      cwd: process.cwd(),
      logFile: join(folder, 'inside.log'),
      graceMs: 20_000,
    });
    while (!child.ended()) await sleep(50);
    const verdicts = verdictsIn(child.log());
    verdicts.forEach(onResult);
    return { verdicts };
  } finally {
    await teardown.run();
  }
}

function verdictsIn(log: string): TestResult[] {
  const line = log.split('\n').find((text) => text.startsWith('['));
  if (line === undefined) throw new LabError(`the lab of the redirected pod failed:\n${log.trim()}`);
  return JSON.parse(line) as TestResult[];
}

/** Whoever only asks for names does not get there. */
function nowhere(): World {
  throw new Error('there is no world yet');
}
