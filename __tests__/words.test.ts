import { spawnSync } from 'node:child_process';
import {
  commandTexts,
  documentTexts,
  errorTexts,
  helpTexts,
  reviewTexts,
  synthesizedTexts,
  workflowTexts,
  type RenderedTexts,
} from './support/rendered-texts';
import { retiredWords, usesOf } from './support/retired-words';

/** The build, three syntheses and twenty plans. */
jest.setTimeout(180_000);

const WORDS = retiredWords();

beforeAll(() => {
  const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { encoding: 'utf8' });
  expect(build.stdout).toBe('');
});

/** The fewest texts of a kind, so that a kind that is no longer collected fails. */
const KINDS: readonly [kind: string, fewest: number, render: () => RenderedTexts | Promise<RenderedTexts>][] =
  [
    ['documentation, runbooks and schemas', 50, documentTexts],
    ['alerts, dashboards and admission policies', 300, synthesizedTexts],
    ['the workflow of the rollback controller', 2, workflowTexts],
    ['help of commands', 20, helpTexts],
    ['output of mesh rules, show and slo', 20, commandTexts],
    ['plan reviews', 15, reviewTexts],
    ['errors', 60, errorTexts],
  ];

describe('no retired word of docs/glossary.md is in', () => {
  test.each(KINDS)('%s', async (_, fewest, render) => {
    const texts = await render();

    expect(texts.size).toBeGreaterThanOrEqual(fewest);
    expect([...texts].flatMap(([source, text]) => usesOf(WORDS, source, text))).toEqual([]);
  });
});

describe('a retired word', () => {
  const uses = (text: string) => usesOf(WORDS, 'page.md', text);

  test('is reported with its line and its replacement', () => {
    expect(uses('The weight cap\nis a Ceiling of the canary.')).toEqual([
      `page.md:2: 'ceiling' in "is a Ceiling of the canary."; use weight cap`,
    ]);
  });

  test.each([
    'an open circuit breaker',
    'an open circuit\nbreaker',
    'claims of the token',
    'fault injection',
    'the public internet',
    'a `fault` of the VirtualService',
    'packet-capture',
    'perTryTimeoutMs: 400',
  ])('is allowed in: %s', (text) => {
    expect(uses(text)).toEqual([]);
  });

  test.each(['the breaker opens', 'a claim of the lab', 'a fault of the file', 'the public'])(
    'is not allowed in: %s',
    (text) => {
      expect(uses(text)).toHaveLength(1);
    },
  );
});
