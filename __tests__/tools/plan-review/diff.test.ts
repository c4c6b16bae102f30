import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SynthesizedJson } from '../../../model/review/synthesized';
import { reviewComparison } from '../../../tools/commands/diff';
import { checkOut, commitOf } from '../../../tools/plan-review/git-tree';
import { UsageError } from '../../../tools/command-line';
import { aCatalogue, edited } from '../../support/catalogue-fixture';
import { flagsOf, headlinesOf } from '../../support/plans';
import { synthEnvironment } from '../../support/synth';

type Stacks = ReadonlyMap<string, SynthesizedJson>;

function synthesized(changes: Readonly<Record<string, string | null>> = {}): Stacks {
  const [environment] = aCatalogue(changes).environments;
  return synthEnvironment(environment!);
}

describe('a diff of two syntheses', () => {
  const before = synthesized();
  const after = synthesized({
    ...edited('services/stock.yaml', 'timeoutMs: 200', 'timeoutMs: 190'),
    ...edited('releases/test.yaml', 'weightPercent: 10', 'weightPercent: 25'),
  });

  test('reports what a plan would, committed weights included', () => {
    const [review] = reviewComparison({ before, after }, 'test');

    expect(headlinesOf(review!)).toEqual(['cart: canary v2 10 % → 25 %', 'stock: timeout 200 ms → 190 ms']);
    expect(flagsOf(review!)).toEqual([]);
    expect(review!.blastRadius).toContainEqual({
      subject: 'stock',
      affected: ['cart', 'web', 'external clients'],
    });
  });

  test('raises flags for the reverse change', () => {
    const [review] = reviewComparison({ before: after, after: before }, undefined);

    expect(flagsOf(review!)).toEqual(['limits-loosened']);
  });

  test('omits environments without changes', () => {
    expect(reviewComparison({ before, after: before }, undefined)).toEqual([]);
  });

  test('names objects that the API server would replace', () => {
    const [id, stack] = [...before].find(([name]) => name.endsWith('mesh-policies'))!;
    const text = JSON.stringify(stack).replaceAll('"name":"stock"', '"name":"stocks"');
    const [review] = reviewComparison(
      { before, after: new Map([...before, [id, JSON.parse(text)]]) },
      'test',
    );

    expect(flagsOf(review!)).toContain('traffic-interrupted');
    expect(review!.changes.find(({ action }) => action === 'replace')?.replacedBecauseOf).toEqual([
      'manifest.metadata.name',
    ]);
  });

  test('reports an unknown environment with a suggestion', () => {
    expect(() => reviewComparison({ before, after }, 'tst')).toThrow(
      new UsageError("unknown environment 'tst'; did you mean 'test'?"),
    );
  });
});

describe('the files of a commit', () => {
  const root = join(__dirname, '..', '..', '..');

  test('are written to a folder without changing the repository', () => {
    const folder = mkdtempSync(join(tmpdir(), 'commit-'));
    const status = () => execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
    try {
      const before = status();
      checkOut(commitOf('HEAD', root), root, folder);

      expect(existsSync(join(folder, 'mesh-config/mesh.yaml'))).toBe(true);
      expect(status()).toBe(before);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each(['no-such-branch', '--help'])('fail for the unknown reference %s', (ref) => {
    expect(() => commitOf(ref, root)).toThrow(
      new UsageError(
        `'${ref}' is not a commit of this repository; use a branch, tag or commit, and fetch it first`,
      ),
    );
  });
});
