/** The tests that follow from a catalogue, for every state of a year: in jest, once for each changed environment. */
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Environment } from '../../model/environment';
import { lastLines, run } from '../../tools/process';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import type { Results } from '../support/results';
import { Teardown } from '../support/teardown';
import type { Year } from './edit';
import type { SynthesisCache } from './synthesis';
import type { EditOutcome } from './year-run';

/** Two processes saturate the two cores of a small CI machine. */
const PROCESSES = 2;

interface AuditedState {
  readonly title: string;
  readonly config: string;
  /** Day of its edit: waivers end. */
  readonly today: string;
  readonly environments: readonly Environment[];
}

/** @param folder in which the processes of jest find what was synthesized */
export async function auditStates(
  { shop }: Year,
  outcomes: readonly EditOutcome[],
  cache: SynthesisCache,
  folder: string,
  results: Results,
): Promise<void> {
  const states = statesToAudit(outcomes);
  for (const state of states) cache.shareWithTests(state, folder);
  const shares = Array.from({ length: PROCESSES }, (_, share) =>
    states.filter((_state, index) => index % PROCESSES === share),
  );
  await results.step(
    shop,
    'tests derived from the catalogue',
    async () => {
      const counts = await Promise.all(shares.map((share) => audit(share, folder)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    (count) => {
      const environments = states.reduce((sum, state) => sum + state.environments.length, 0);
      const output = `${count} tests of ${environments} changed environments`;
      process.stdout.write(`passed  ${shop}: ${output}\n`);
      return output;
    },
  );
}

/** The first state, and each valid one with the environments that its edit changed. */
function statesToAudit(outcomes: readonly EditOutcome[]): AuditedState[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  const { config, catalogue } = first.before;
  const today = first.edit.at.slice(0, 10);
  return [
    { title: 'before the first edit', config, today, environments: catalogue.environments },
    ...outcomes.flatMap(({ number, edit, before, after }): AuditedState[] => {
      if (after?.output === undefined) return [];
      const known = before.catalogue.environments;
      const environments = after.catalogue.environments.filter(
        (environment) => !known.some((other) => isDeepStrictEqual(other, environment)),
      );
      if (environments.length === 0) return [];
      const title = `${number}. ${edit.name}`;
      return [{ title, config: after.config, today: edit.at.slice(0, 10), environments }];
    }),
  ];
}

/** @returns the number of passed tests */
async function audit(states: readonly AuditedState[], folder: string): Promise<number> {
  if (states.length === 0) return 0;
  const root = projectRoot();
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const given = states.map(({ environments, ...state }) => ({
    ...state,
    environments: environments.map(({ name }) => name),
  }));
  const child = run(process.execPath, [jest, '--runInBand', '__tests__/mesh-config/audits.test.ts'], {
    cwd: root,
    env: { ...process.env, AUDITED_STATES: JSON.stringify(given), JEST_RUN_FOLDER: folder },
    all: true,
  });
  const teardown = new Teardown();
  teardown.add(
    async () => {
      child.kill();
      await child;
    },
    () => child.kill(),
  );
  const { failed, all } = await child;
  await teardown.run();
  const [, passed] = /^Tests: .*?(\d+) passed/m.exec(all) ?? [];
  if (failed || passed === undefined) throw new LabError(`tests fail:\n${lastLines(all, 80)}`);
  return Number(passed);
}
