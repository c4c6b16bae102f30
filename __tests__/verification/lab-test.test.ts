import { readFileSync } from 'node:fs';
import { examplePath, allows } from '../../verification/mesh-lab/behaviour/example';
import { assertThat, runTests, AssertionFailure, type LabTest } from '../../verification/support/lab-test';
import { edit } from '../../verification/mutation/mutation';
import { replaceTable, renderTable } from '../../verification/mutation/table';
import { renderPage } from '../../verification/mesh-lab/report/page';
import { CANNOT_SHOW, LONGEST_RUN_MS, type Report } from '../../verification/mesh-lab/report/report';
import { renderSummary } from '../../verification/mesh-lab/report/terminal';
import { Teardown } from '../../verification/support/teardown';

const REPORT: Report = {
  environment: 'prod',
  passed: false,
  passedTests: 0,
  failedTests: 1,
  durationMs: 1,
  cannotShow: ['the moon'],
  notShown: ['interception: only root may'],
  edges: [{ from: 'a', to: 'b', label: '10 %' }],
  verdicts: [],
};
const silently = () => undefined;

function aLabTest(run: LabTest['run'], attempts = 1): LabTest {
  return { id: 'edges/a-reaches-b', title: 'a reaches <b>', attempts, run };
}

test('the report and the page of documentation cannot show the same', () => {
  const [, section = ''] =
    /## What it cannot show\n\n([^]*?)\n\n/.exec(readFileSync('docs/lab.md', 'utf8')) ?? [];
  const bullets = section.replaceAll('`', '').split(/^- /m).slice(1);

  expect(bullets.map(subjectOf)).toEqual(CANNOT_SHOW.map(subjectOf));
});

function subjectOf(sentence: string): string {
  return sentence.split(/[:.(]/)[0]?.trim() ?? '';
}

test('a refuted claim is broken, and says what was seen', async () => {
  const [verdict] = await runTests(
    [
      aLabTest(() =>
        Promise.resolve().then(() => {
          assertThat(false, 'a 503');
          return { seen: '' };
        }),
      ),
    ],
    silently,
  );

  expect(verdict).toMatchObject({ passed: false, seen: 'a 503' });
});

test('a claim that could not be put to the test is not kept', async () => {
  const [verdict] = await runTests([aLabTest(() => Promise.reject(new Error('no port')))], silently);

  expect(verdict).toMatchObject({ passed: false, seen: 'could not be put to the test: no port' });
});

test('a claim is tried as often as it says, and no more', async () => {
  let attemptCount = 0;
  await runTests([aLabTest(() => Promise.reject(new Error(String((attemptCount += 1)))), 3)], silently);
  expect(attemptCount).toBe(3);
});

test('a claim that held at the second try only is kept, and the summary says so', async () => {
  let attemptCount = 0;
  const run = () =>
    (attemptCount += 1) === 1
      ? Promise.reject(new AssertionFailure('late by 9 ms'))
      : Promise.resolve({ seen: 'in time' });
  const verdicts = await runTests([aLabTest(run, 3)], silently);
  const report = { ...REPORT, passed: true, passedTests: 1, failedTests: 0, verdicts };

  expect(verdicts).toMatchObject([{ passed: true, seen: 'in time', earlierAttempts: ['late by 9 ms'] }]);
  expect(renderSummary(report)).toContain('again   edges/a-reaches-b took 2 tries, at first late by 9 ms');
  expect(renderPage(report)).toContain('<b>took 2 tries</b>, before: late by 9 ms');
});

test('a run that took longer than it may says so, and is no broken promise', () => {
  const atMost = { ...REPORT, passed: true, passedTests: 1, failedTests: 0, durationMs: LONGEST_RUN_MS };
  const longer = { ...atMost, durationMs: LONGEST_RUN_MS + 100 };
  const words = '120.1 s are more than the 120 s';

  expect(renderSummary(atMost)).not.toContain('SLOW');
  expect(renderSummary(longer)).toMatch(new RegExp(`^SLOW +${words}`, 'm'));
  expect(renderPage(atMost)).not.toContain('more than the');
  expect(renderPage(longer)).toContain(words);
  expect(renderPage(longer)).toContain('Every promise is kept');
});

test('an example is a path that the pattern allows', () => {
  for (const pattern of ['/carts', '/carts/*', '/*'])
    expect(allows({ methods: ['GET'], paths: [pattern] }, 'GET', examplePath(pattern))).toBe(true);
  expect(allows({ methods: ['GET'], paths: ['/carts/*'] }, 'GET', '/cartsX')).toBe(false);
});

test('a mutation that finds nothing to change says so', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'n' },
    spec: { x: 1 },
  };

  expect(() => edit('Service n/b', () => undefined)([object])).toThrow('there is no Service n/b to mutate');
  expect(() => edit('Service n/a', () => undefined)([object])).toThrow('changes nothing');
});

test('the table goes between its marks and nowhere else', () => {
  const table = renderTable([{ what: 'a | b', by: undefined, seen: '' }]);
  const document = replaceTable(
    'before\n<!-- mutations:begin -->\nold\n<!-- mutations:end -->\nafter',
    table,
  );

  expect(document).toContain('| a \\| b | **nobody** |');
  expect(document).not.toContain('old');
  expect(document).toMatch(/^before[^]*after$/);
});

test('the page shows a broken promise with its evidence, and nothing as markup that is none', () => {
  const verdicts = [
    { id: 'edges/x', title: 'a reaches <b>', passed: false, seen: '<script>', earlierAttempts: [], ms: 1 },
  ];
  const report: Report = { ...REPORT, verdicts };

  expect(renderPage(report)).toContain('1 promise is broken');
  expect(renderPage(report)).toContain('&lt;script&gt;');
  expect(renderPage(report)).not.toContain('<script>');
  expect(renderPage(report)).toContain('the moon');
  expect(renderSummary(report)).toContain('BROKEN  edges');
  for (const rendered of [renderPage(report), renderSummary(report)])
    expect(rendered).toContain('interception: only root may');
});

test('what was begun last is ended first, whatever fails', async () => {
  const ended: string[] = [];
  const teardown = new Teardown();
  teardown.add(() => void ended.push('first'));
  teardown.add(() => {
    throw new Error('stuck');
  });
  teardown.add(() => void ended.push('last'));

  await expect(teardown.run()).rejects.toThrow('stuck');
  expect(ended).toEqual(['last', 'first']);
});
