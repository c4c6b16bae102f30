/** Some edits of the year by the commands of their author, in a copy of the repository: what fails says what to do. */
import { join } from 'node:path';
import { lastLines } from '../../tools/process';
import { LabError } from '../support/errors';
import { messageOf, type Results } from '../support/results';
import { isInterrupted, log, orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { foldersIn, makeEdits, yearsNamed } from './main';
import { WorkingCopy, type Finished } from './working-copy';
import type { EditOutcome } from './year-run';

const JEST = 'node_modules/jest/bin/jest.js';
const VERIFY = 'dist/verification/main.js';

export interface CommandsOptions {
  /** Run the platform's tests without a catalogue, too. */
  readonly platform: boolean;
}

export async function testByCommands({ platform }: CommandsOptions, results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'edits-');
    const copy = new WorkingCopy(join(folder, 'copy'), teardown);
    // What is stale before the edit is not its fault.
    must('npm run generate', await copy.node(VERIFY, 'documentation'));
    for (const year of yearsNamed()) {
      const outcomes = await makeEdits(year, foldersIn(folder), results);
      for (const outcome of outcomes.filter(({ edit }) => edit.inWorkingCopy === true)) {
        if (isInterrupted()) break;
        await recorded(results, `${year.shop}: ${outcome.edit.name}`, () => testInCopy(copy, outcome));
      }
    }
    if (platform && !isInterrupted())
      await recorded(results, "the platform's tests pass without a catalogue", async () => {
        copy.removeCatalogue();
        const tests = await copy.node(JEST, '--testPathIgnorePatterns', '/__tests__/mesh-config/');
        must('jest', tests);
        return countIn(tests);
      });
  });
  await teardown.run();
}

async function recorded(results: Results, name: string, work: () => Promise<string>): Promise<void> {
  try {
    await results.step('commands', name, work, (outcome) => {
      process.stdout.write(`passed  ${name}, by commands: ${outcome}\n`);
      return outcome;
    });
  } catch (error) {
    if (!isInterrupted()) log(`FAILED  ${name}, by commands: ${messageOf(error)}`);
  }
}

/** @returns the outcome, in a few words */
async function testInCopy(copy: WorkingCopy, { after, pullRequest }: EditOutcome): Promise<string> {
  if (after === undefined) throw new LabError('a command refuses the edit');
  copy.catalogue.replaceBy(after.config);
  const validated = await copy.node('dist/tools/mesh.js', 'validate');
  const tests = await copy.node(JEST, '__tests__/mesh-config');
  const { violations } = pullRequest;
  if (violations.length > 0) {
    if (validated.passed || tests.passed) throw new LabError('the edit is accepted');
    for (const line of violations)
      for (const { output } of [validated, tests])
        if (!output.includes(line)) throw new LabError(`a command does not print: ${line}`);
    return 'refused in the same words';
  }
  must('mesh validate', validated);
  must('npm run synth', await copy.node('dist/main.js'));
  must('npm test', tests);
  must('npm run check -- documentation', await copy.node(VERIFY, 'documentation', '--check'));
  return `${lastLines(validated.output, 1)}; ${countIn(tests)}`;
}

function must(what: string, { passed, output }: Finished): void {
  if (!passed) throw new LabError(`${what} fails:\n${lastLines(output, 60)}`);
}

function countIn({ output }: Finished): string {
  return /^Tests: +(.*)$/m.exec(output)?.[1] ?? 'no test';
}
