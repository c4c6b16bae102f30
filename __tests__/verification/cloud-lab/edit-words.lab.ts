/** What the scenarios of `cloud-lab edits` expect, as far as the synthesized stacks show it without Terraform. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadCatalogue } from '../../../model/catalogue/load';
import type { SynthesizedJson } from '../../../model/review/synthesized';
import { reviewComparison } from '../../../tools/commands/diff';
import type { ExpectedChange } from '../../../verification/cloud-lab/edits/edit';
import { differencesFrom } from '../../../verification/cloud-lab/edits/expectation';
import { scenariosOf } from '../../../verification/cloud-lab/edits/scenarios';
import { shopCatalogue } from '../../../verification/cloud-lab/lab/shop';
import { writeEditedCatalogue } from '../../../verification/plan-fixtures/variant';
import { TODAY } from '../../support/catalogue-fixture';
import { synthEnvironment } from '../../support/synth';

type Stacks = ReadonlyMap<string, SynthesizedJson>;

const folder = mkdtempSync(join(tmpdir(), 'edit-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stacksOf = (catalogue: string, name: string): Stacks => {
  const environment = loadCatalogue(catalogue, TODAY).environments.find((other) => other.name === name);
  return synthEnvironment(environment!);
};

/** Stacks and differences; empty if the review is the expected one. */
function differences(before: Stacks, after: Stacks, environment: string, expected: ExpectedChange): string[] {
  const [review] = reviewComparison({ before, after }, environment);
  if (review === undefined) return ['nothing changes'];
  const { headlines, flags, changes: resources } = review;
  const stacks = [...after.keys()].filter((id) => !isDeepStrictEqual(before.get(id), after.get(id))).sort();
  const names = expected.stacks.map((kind) => `${environment}-${kind}`).sort();
  return [
    ...(stacks.join() === names.join() ? [] : [`changed stacks: ${stacks.join(', ')}`]),
    ...differencesFrom(expected, { headlines, flags, resources }),
  ];
}

describe.each(['dev', 'prod'])('%s', (name) => {
  const deployed = stacksOf(shopCatalogue(), name);
  const [environment] = loadCatalogue(shopCatalogue(), TODAY).environments.filter(
    (other) => other.name === name,
  );
  const edits = scenariosOf(environment!).flatMap((scenario) =>
    'change' in scenario ? [[scenario.name, scenario] as const] : [],
  );

  test.each(edits)('%s, there and back', (scenario, { change, expected, back }) => {
    const config = join(folder, name, scenario);
    writeEditedCatalogue(shopCatalogue(), config, change);
    const edited = stacksOf(config, name);

    expect(differences(deployed, edited, name, expected)).toEqual([]);
    expect(differences(edited, deployed, name, back)).toEqual([]);
  });
});
