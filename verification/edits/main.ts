/** Ordinary edits of a catalogue: none may turn a check red, and an invalid one must say what to do. */
import { join } from 'node:path';
import { lastLines } from '../../tools/process';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { messageOf } from '../support/results';
import { isInterrupted, log, orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { DAILY_EDITS } from './daily';
import type { OrdinaryEdit } from './edit';
import { WorkingCopy, type Finished } from './working-copy';

const JEST = 'node_modules/jest/bin/jest.js';
const VERIFY = 'dist/verification/main.js';

export interface EditsOptions {
  /** Skip the run of the platform's tests. */
  readonly platform: boolean;
}

/** @param pattern of the names of edits. @default all */
export async function testEdits(
  pattern: string | undefined,
  { platform }: EditsOptions,
  results: Results,
): Promise<void> {
  const edits = DAILY_EDITS.filter(({ name }) => new RegExp(pattern ?? '').test(name));
  if (edits.length === 0) throw new LabError(`no edit matches '${pattern ?? ''}'`);
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const copy = new WorkingCopy(join(scratchFolder(teardown, 'edits-'), 'copy'), teardown);
    // What is stale before the edit is not its fault.
    must('npm run generate', await copy.node(VERIFY, 'documentation'));
    for (const edit of edits) {
      if (isInterrupted()) break;
      await recorded(results, edit.name, async () => testEdit(copy, edit));
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
    await results.step('edits', name, work, (outcome) => {
      process.stdout.write(`passed  ${name}: ${outcome}\n`);
      return outcome;
    });
  } catch (error) {
    if (!isInterrupted()) log(`FAILED  ${name}: ${messageOf(error)}`);
  }
}

/** @returns the outcome, in a few words */
async function testEdit(copy: WorkingCopy, edit: OrdinaryEdit): Promise<string> {
  const { catalogue } = copy;
  catalogue.replaceBy(copy.fixture(edit.shop ?? 'reference-shop'));
  const before = catalogue.files();
  edit.apply(catalogue);
  assertChanged(edit, before, catalogue.files());

  const validated = await copy.node('dist/tools/mesh.js', 'validate');
  const tests = await copy.node(JEST, '__tests__/mesh-config');
  if (edit.refused !== undefined) return refusedBy(edit.refused, validated, tests);

  must('mesh validate', validated);
  must('npm run synth', await copy.node('dist/main.js'));
  must('npm test', tests);
  must('npm run check -- documentation', await copy.node(VERIFY, 'documentation', '--check'));
  return `${lastLines(validated.output, 1)}; ${countIn(tests)}`;
}

function refusedBy(expected: readonly RegExp[], validated: Finished, tests: Finished): string {
  if (validated.passed || tests.passed) throw new LabError('the edit is accepted');
  const violations = validated.output.split('\n').filter((line) => /:\d+:\d+: /.test(line));
  const unexpected = violations.filter((line) => !expected.some((pattern) => pattern.test(line)));
  const missing = expected.filter((pattern) => violations.filter((line) => pattern.test(line)).length !== 1);
  if (unexpected.length + missing.length > 0)
    throw new LabError(`missing ${missing.join(', ')}; unexpected:\n${unexpected.join('\n')}`);
  for (const line of violations)
    if (!tests.output.includes(line)) throw new LabError(`npm test does not print: ${line}`);
  return `refused: ${violations.join('\n')}`;
}

function assertChanged(
  { files }: OrdinaryEdit,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): void {
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .map((file) => files.find((one) => one.endsWith('/') && file.startsWith(one)) ?? file);
  const found = [...new Set(changed)].sort().join(', ');
  if (found !== files.join(', ')) throw new LabError(`changes ${found}, not ${files.join(', ')}`);
}

function must(what: string, { passed, output }: Finished): void {
  if (!passed) throw new LabError(`${what} fails:\n${lastLines(output, 60)}`);
}

function countIn({ output }: Finished): string {
  return /^Tests: +(.*)$/m.exec(output)?.[1] ?? 'no test';
}
