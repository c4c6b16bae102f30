/** Outputs that a stack gives to later ones. A pull request plans all stacks before the first of them is applied. */
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { synthEnvironment, type StackJson } from '../support/synth';

type Files = Readonly<Record<string, string | null>>;

const stacksOf = (files: Files = {}) => synthEnvironment(aCatalogue(files).environments[0]!);
const stack = (stacks: ReadonlyMap<string, StackJson>, kind: string) =>
  [...stacks].find(([id]) => id.endsWith(kind))![1];
const WITHOUT_CANARY = { 'releases/test.yaml': 'services: {}\n' };

/** Outputs of other stacks that a stack names, by the name of the data source. */
function outputsReadBy(json: StackJson): [source: string, output: string][] {
  return [...JSON.stringify(json).matchAll(/data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)/g)].map(
    ([, source = '', output = '']) => [source, output],
  );
}

test('exist whether or not a later stack reads them', () => {
  const [before, after] = [WITHOUT_CANARY, {}].map((files) => stack(stacksOf(files), 'observability').output);

  expect(Object.keys(before ?? {}).length).toBeGreaterThan(2);
  expect(after).toEqual(before);
});

test('have a default, so that a plan needs no apply before it', () => {
  const stacks = stacksOf(edited('services/cart.yaml', 'owner: ', 'owner: new-'));
  const read = [...stacks.values()].flatMap((json) =>
    outputsReadBy(json).map(([source, output]) => [json.data?.['terraform_remote_state']?.[source], output]),
  );

  expect(read.length).toBeGreaterThan(2);
  expect(read.filter(([source, output]) => !(output in (source?.defaults ?? {})))).toEqual([]);
});

test('are never missing in the stack that has them', () => {
  const stacks = stacksOf();
  const read = [...stacks.values()].flatMap(outputsReadBy);
  const given = new Set([...stacks.values()].flatMap(({ output }) => Object.keys(output ?? {})));

  expect(read.filter(([, output]) => !given.has(output))).toEqual([]);
});
