import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderReviews, reviewPlans } from '../../../tools/commands/review';
import { blockedBy, gatesNamed } from '../../../tools/plan-review/gate';
import { masked } from '../../../tools/plan-review/mask';
import { UsageError } from '../../../tools/command-line';
import { plansOf, reviewOf } from '../../support/plans';

const folder = mkdtempSync(join(tmpdir(), 'review-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function aFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

describe('a sensitive value', () => {
  test('appears neither in Markdown nor in JSON, wherever the plan has it', async () => {
    const reviews = await reviewPlans(plansOf('sensitive-value'));
    for (const format of ['markdown', 'json'] as const) {
      const text = renderReviews(reviews, format);

      expect(text).toContain('test-secret');
      expect(text).not.toMatch(/first-word|second-word/);
    }
    expect(renderReviews(reviews, 'markdown')).toContain(
      'input.password: (sensitive) → (sensitive, changed)',
    );
  });

  test('is marked as changed only if it differs', () => {
    const marks = { beforeSensitive: { a: true, b: true }, afterSensitive: {}, afterUnknown: {} };

    expect(masked({ before: { a: 'aaaa', b: 'bbbb' }, after: { a: 'aaaa', b: 'cccc' }, ...marks })).toEqual({
      before: { a: '(sensitive)', b: '(sensitive)' },
      after: { a: '(sensitive)', b: '(sensitive, changed)' },
    });
  });

  test('stays masked if it is known only after the apply', () => {
    expect(
      masked({
        before: { key: ['word'] },
        after: {},
        beforeSensitive: { key: [true] },
        afterSensitive: { key: true },
        afterUnknown: { key: true },
      }),
    ).toEqual({ before: { key: '(sensitive)' }, after: { key: '(sensitive, changed)' } });
  });

  test('includes the values of a Kubernetes Secret, which the provider does not mark', async () => {
    const object = (value: string) => ({ kind: 'Secret', metadata: { name: 's' }, data: { key: value } });
    const change = {
      actions: ['update'],
      before: { manifest: object('b25l') },
      after: { manifest: object('dHdv') },
    };
    const entry = { address: 'kubernetes_manifest.s', mode: 'managed', type: 'kubernetes_manifest', change };
    const plan = { format_version: '1.2', resource_changes: [entry] };

    const reviews = await reviewPlans([aFile('test-data.json', JSON.stringify(plan))]);
    expect(renderReviews(reviews, 'markdown')).not.toMatch(/b25l|dHdv/);
  });
});

describe('text of a plan', () => {
  test('is escaped: no markup, mention or second line', async () => {
    const entry = (description: string, actions: string[]) => ({
      address: 'google_x.y',
      mode: 'managed',
      type: 'google_x',
      change: { actions, before: { description: 'old' }, after: { description } },
    });
    const plan = {
      format_version: '1.2',
      resource_changes: [entry('`<img src=x>`\n## @admin | done\u001b[2J', ['update'])],
    };
    const text = renderReviews(
      await reviewPlans([aFile('test-network.json', JSON.stringify(plan))]),
      'markdown',
    );

    expect(text).toContain("description: old → '<img src=x>' ## @admin | done [2J`");
    expect(text.split('\n').filter((line) => line.startsWith('## '))).toHaveLength(1);
  });
});

describe('gates', () => {
  test.each([
    [['critical'], ['test: critical stateful-destroyed', 'test: critical protection-off']],
    [['protection-off'], ['test: critical protection-off']],
    [['weight-cap-present', 'drift-found'], []],
    [[], []],
  ])('%j block the replaced database with %j', async (names, lines) => {
    expect(blockedBy(gatesNamed(names), [await reviewOf('database-replaced')])).toEqual(lines);
  });

  test('a severity blocks on every flag of that severity or higher', async () => {
    const all = blockedBy(gatesNamed(['high']), [await reviewOf('database-replaced')]);

    expect(all).toContain('test: critical stateful-destroyed');
    expect(all).toContain('test: high iam-granted');
  });

  test('report an unknown name with a suggestion', () => {
    expect(() => gatesNamed(['critcal'])).toThrow(
      new UsageError("'critcal' is neither a flag nor a severity; did you mean 'critical'?"),
    );
  });
});

describe('a file that cannot be reviewed', () => {
  test.each([
    ['prod-data.json', '{"version": 4}', /is not a plan; write one with 'terraform show -json <plan file>'$/],
    ['prod-data.json', '{"format_version": "1.2", "resource_ch', /cannot be read as a plan: /],
    ['prod-data.json', 'Terraform will perform', /cannot be read as a plan: /],
    [
      'prod-data.json',
      '{"format_version":"1.2","errored":true}',
      /is incomplete, because terraform plan failed; plan again and review the new plan$/,
    ],
    ['prod-data.json.gz', '', /is not a plan|cannot be read as a plan/],
  ])('%s of %j: fails with one sentence', async (name, text, message) => {
    const reviewing = reviewPlans([aFile(name, text)]);

    await expect(reviewing).rejects.toThrow(UsageError);
    await expect(reviewing).rejects.toThrow(message);
  });

  test('is missing, or the second one of a stack', async () => {
    await expect(reviewPlans([join(folder, 'none.json')])).rejects.toThrow(/ENOENT/);
    const [file = ''] = plansOf('routine-changes');
    await expect(reviewPlans([file, file])).rejects.toThrow(
      new UsageError("there are two plans of 'test-mesh-policies'; review only one of them"),
    );
  });
});

test('plans of several environments and stacks make one review per environment', async () => {
  const empty = '{"format_version":"1.2"}';
  const files = ['prod-data', 'prod-eu-network', 'prod-mesh-policies-purchasing'].map((stack) =>
    aFile(`${stack}.json`, empty),
  );
  const reviews = await reviewPlans(files);

  expect(reviews.map(({ environment, counts }) => [environment, counts.map(({ stack }) => stack)])).toEqual([
    ['prod', ['prod-data', 'prod-mesh-policies-purchasing']],
    ['prod-eu', ['prod-eu-network']],
  ]);
});
