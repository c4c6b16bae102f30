import type { SynthesizedJson } from '../../../model/review/synthesized';
import { reviewComparison } from '../../../tools/commands/diff';
import { aCatalogue, edited, sourceFiles } from '../../support/catalogue-fixture';
import { RELEASED_SHOP } from '../../support/expected-flags';
import { headlinesOf } from '../../support/plans';
import { synthEnvironment } from '../../support/synth';

jest.setTimeout(60_000);

type Files = Readonly<Record<string, string | null>>;

const RELEASE = 'releases/test.yaml';
const IDLE: Files = {
  ...RELEASED_SHOP,
  [RELEASE]: RELEASED_SHOP[RELEASE]!.replace('weightPercent: 25', 'weightPercent: 0'),
};
const UAT = sourceFiles()
  .find(({ file }) => file === 'environments/test.yaml')!
  .text.replaceAll('shop-test', 'shop-uat')
  .replace('name: test', 'name: uat')
  .replace('123456789012', '123456789013')
  .replaceAll('.shop.example, api', '.uat.shop.example, api')
  .replace('api: api.shop', 'api: api.uat.shop');

function synthesized(files: Files): Map<string, SynthesizedJson> {
  return new Map(aCatalogue(files).environments.flatMap((environment) => [...synthEnvironment(environment)]));
}

function reviewOf(before: Files, after: Files) {
  const reviews = reviewComparison({ before: synthesized(before), after: synthesized(after) }, undefined);
  return {
    headlines: reviews.flatMap(headlinesOf),
    flags: reviews.flatMap(({ flags }) => flags.map(({ id }) => id)),
  };
}

const withoutCanary: Files = {
  ...RELEASED_SHOP,
  [RELEASE]: RELEASED_SHOP[RELEASE]!.replace(/, v2: '[^']*'/, '').replace(/ {4}canary:\n( {6}.*\n)+/, ''),
};

test('a canary without requests is removed without an interruption', () => {
  const { headlines, flags } = reviewOf(IDLE, withoutCanary);

  expect(headlines).toContain('cart: canary v2 0 % → none');
  expect(flags).toEqual([]);
});

test('a canary with requests is not', () => {
  expect(reviewOf(RELEASED_SHOP, withoutCanary).flags).toContain('traffic-interrupted');
});

test('a new environment is one headline, and exposes nothing that ran before', () => {
  const { headlines, flags } = reviewOf(RELEASED_SHOP, { ...RELEASED_SHOP, 'environments/uat.yaml': UAT });

  expect(headlines).toEqual(['uat: new environment']);
  expect(flags).toEqual(['iam-granted']);
});

test('a renamed service is one headline: its objects and SLOs stay', () => {
  const renamed: Files = {
    ...edited('services/stock.yaml', 'name: stock', 'name: depot\nrenamedFrom: stock', RELEASED_SHOP),
  };
  const files: Files = {
    ...RELEASED_SHOP,
    'services/stock.yaml': null,
    'services/depot.yaml': renamed['services/stock.yaml']!,
    [RELEASE]: RELEASED_SHOP[RELEASE]!.replace('  stock:', '  depot:'),
    ...callersOf('stock', 'depot'),
  };

  expect(reviewOf(RELEASED_SHOP, files)).toEqual({
    headlines: ['stock: renamed in the catalogue: stock → depot'],
    flags: [],
  });
});

function callersOf(from: string, to: string): Files {
  return Object.fromEntries(
    sourceFiles(RELEASED_SHOP)
      .filter(({ text }) => text.includes(`service: ${from},`))
      .map(({ file, text }) => [
        file,
        text.replaceAll(`service: ${from},`, `service: ${to},`).replace(`calls: [${from}]`, `calls: [${to}]`),
      ]),
  );
}

test.each([
  ['fewer requests a client', 'requestsPerMinute: 300', 'requests in 60 s 600 → 300', []],
  ['more requests a client', 'requestsPerMinute: 900', 'requests in 60 s 600 → 900', ['limits-loosened']],
  ['a firewall that only logs', 'firewallMode: preview', 'enforced → only logged', ['protection-off']],
  ['a more sensitive firewall', 'firewallSensitivity: 2', 'sensitivity 1 → 2', []],
])('%s: the rule says what changes', (_, setting, words, flags) => {
  const changed = edited(
    'environments/test.yaml',
    'database:',
    `edge: { ${setting} }\ndatabase:`,
    RELEASED_SHOP,
  );
  const review = reviewOf(RELEASED_SHOP, { ...RELEASED_SHOP, ...changed });

  expect(review.headlines).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
  expect(review.flags).toEqual(flags);
});

test('a less sensitive firewall is critical', () => {
  const edge = (sensitivity: number) => ({
    ...RELEASED_SHOP,
    ...edited(
      'environments/test.yaml',
      'database:',
      `edge: { firewallSensitivity: ${sensitivity} }\ndatabase:`,
      RELEASED_SHOP,
    ),
  });

  expect(reviewOf(edge(3), edge(2)).flags).toEqual(['protection-off']);
});
