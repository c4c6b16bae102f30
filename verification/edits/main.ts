/** A year of edits: each goes through its pull request, and leads to what was written down before. */
import { join } from 'node:path';
import { projectRoot } from '../support/project-root';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { log, orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { auditStates } from './audits';
import type { Year } from './edit';
import { outcomeIn } from './outcome-words';
import { SynthesisCache } from './synthesis';
import { YearRun, type EditOutcome } from './year-run';
import { YEARS } from './year';

/** Where states and syntheses of a run are. */
export interface YearFolders {
  /** Folder of the shop. */
  readonly shop: (year: Year) => string;
  readonly cache: SynthesisCache;
}

export interface EditsOptions {
  /** Folder that keeps what was synthesized, for the next run. @default a temporary folder */
  readonly work?: string;
  /** Skip the tests that are derived from the catalogue. */
  readonly audits: boolean;
}

/** @param pattern of the names of shops. @default all */
export async function testEdits(
  pattern: string | undefined,
  { audits, work }: EditsOptions,
  results: Results,
): Promise<void> {
  const years = yearsNamed(pattern);
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'edits-');
    const folders = foldersIn(folder, work);
    for (const year of years) {
      const outcomes = await makeEdits(year, folders, results);
      if (audits) await auditStates(year, outcomes, folders.cache, join(folder, 'jest'), results);
    }
  });
  await teardown.run();
}

export function yearsNamed(pattern = ''): readonly Year[] {
  const years = YEARS.filter(({ shop }) => new RegExp(pattern).test(shop));
  if (years.length === 0)
    throw new LabError(
      `no shop matches '${pattern}'; choose from ${YEARS.map(({ shop }) => shop).join(', ')}`,
    );
  return years;
}

/** @param work folder that keeps what was synthesized. @default `folder` */
export function foldersIn(folder: string, work = folder): YearFolders {
  return {
    shop: ({ fixture }) => join(folder, fixture),
    cache: new SynthesisCache(join(work, 'synthesized')),
  };
}

/** Makes every edit of the year and records each as one test. */
export async function makeEdits(
  year: Year,
  { shop, cache }: YearFolders,
  results: Results,
): Promise<readonly EditOutcome[]> {
  const fixture = join(projectRoot(), '__tests__', 'catalogues', year.fixture);
  return new YearRun({ ...year, fixture }, shop(year), cache).run((outcome, seconds) => {
    const { number, edit, differences } = outcome;
    const name = `${number}. ${edit.name}`;
    if (differences.length === 0) {
      const output = outcomeIn(outcome);
      process.stdout.write(`passed  ${year.shop}: ${name}: ${output}\n`);
      results.add(year.shop, { name, seconds, output });
    } else {
      log(`FAILED  ${year.shop}: ${name}:\n${differences.map((line) => `  ${line}`).join('\n')}`);
      results.add(year.shop, { name, seconds, failure: differences.join('\n') });
    }
  });
}
