import { readFileSync } from 'node:fs';
import { releaseTransitionViolations } from '../../../model/release/transition-violations';
import { FLAGS } from '../../../model/review/flags';
import type { Review } from '../../../model/review/review';
import type { SynthesizedJson } from '../../../model/review/synthesized';
import { reviewComparison } from '../../../tools/commands/diff';
import { aCatalogue, sourceFiles } from '../../support/catalogue-fixture';
import { EXPECTED_FLAGS, RELEASED_SHOP, type ExpectedFlags } from '../../support/expected-flags';
import { headlinesOf } from '../../support/plans';
import { synthEnvironment } from '../../support/synth';

jest.setTimeout(60_000);

const NOW = new Date('2026-01-31T10:00:00Z');
const QA = sourceFiles()
  .find(({ file }) => file === 'environments/test.yaml')!
  .text.replaceAll('shop-test', 'shop-qa')
  .replace('name: test', 'name: qa')
  .replace('123456789012', '123456789013')
  .replaceAll('.shop.example, api', '.qa.shop.example, api')
  .replace('api: api.shop', 'api: api.qa.shop');
const BASE: Readonly<Record<string, string>> = { ...RELEASED_SHOP, 'environments/qa.yaml': QA };
const before = synthesized(BASE);

function synthesized(files: Readonly<Record<string, string | null>>): Map<string, SynthesizedJson> {
  return new Map(aCatalogue(files).environments.flatMap((environment) => [...synthEnvironment(environment)]));
}

function reviewOf({ files = {}, patch, stack = 'mesh-policies' }: ExpectedFlags): Review[] {
  const changed = { ...BASE, ...files };
  const after = structuredClone(synthesized(changed));
  if (patch) patch(after.get(`test-${stack}`)!.resource as never);
  const releaseTransitions = releaseTransitionViolations(
    { files: sourceFiles(BASE), violations: [] },
    { files: sourceFiles(changed), violations: [] },
    NOW,
  );
  return reviewComparison({ before, after, releaseTransitions }, undefined);
}

describe.each(EXPECTED_FLAGS.map((expected) => [expected.change, expected] as const))('%s', (_, expected) => {
  const reviews = () => reviewOf(expected);

  test(`raises ${expected.flags.join(', ') || 'no flag'}, and no other`, () => {
    const raised = reviews().flatMap(({ flags }) => flags.map(({ id }) => id));

    expect([...new Set(raised)].sort()).toEqual([...expected.flags].sort());
  });

  test('is visible in the review', () => {
    const lines = reviews().flatMap((review) => [
      ...headlinesOf(review),
      ...review.flags.flatMap(({ findings }) => findings.map(({ message }) => message)),
    ]);

    expect(lines).toEqual(
      expect.arrayContaining([
        expected.headline ? expect.stringMatching(expected.headline) : expect.anything(),
      ]),
    );
  });
});

const severityOf = (id: string) => FLAGS.find((flag) => flag.id === id)?.severity;

test('ordinary work is never critical, a notable change is high, and each dangerous one is critical', () => {
  for (const { kind, change, flags } of EXPECTED_FLAGS) {
    const severities = flags.map(severityOf);
    expect([change, severities.includes('critical')]).toEqual([change, kind === 'dangerous']);
    if (kind === 'notable') expect([change, severities]).toEqual([change, expect.arrayContaining(['high'])]);
  }
});

test('the documentation lists the same flags', () => {
  const rows = EXPECTED_FLAGS.map(({ change, flags }) => [
    change,
    flags.length === 0 ? 'none' : flags.map((id) => `\`${id}\` (${severityOf(id)})`).join(', '),
  ]);
  const section =
    readFileSync('docs/review.md', 'utf8').split('## Expected flags')[1]?.split('\n## ')[0] ?? '';
  const documented = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim()),
    );

  expect(documented).toEqual(rows);
});

test('every flag is documented with its severity', () => {
  const text = readFileSync('docs/review.md', 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)`\s*\| (\w+)/gm)].map(([, id, severity]) => [id, severity]);

  expect(rows).toEqual(FLAGS.map(({ id, severity }) => [id, severity]));
});
