import { readFileSync } from 'node:fs';
import { examplePath, allows } from '../../verification/mesh-lab/behaviour/example';
import { assertThat, runTests, AssertionFailure, type LabTest } from '../../verification/support/lab-test';
import { edit } from '../../verification/mutation/mutation';
import { replaceTable, renderTable } from '../../verification/mutation/table';
import { renderPage } from '../../verification/mesh-lab/report/page';
import { CANNOT_SHOW, LONGEST_RUN_MS, type Report } from '../../verification/mesh-lab/report/report';
import { renderRunSummary } from '../../verification/mesh-lab/report/terminal';
import { Teardown } from '../../verification/support/teardown';

const REPORT: Report = {
  environment: 'prod',
  passed: false,
  passedTests: 0,
  failedTests: 1,
  durationMs: 1,
  cannotShow: ['the load balancer'],
  notShown: [{ group: 'interception', reason: 'run as root' }],
  edges: [{ from: 'a', to: 'b', label: '10 %' }],
  results: [],
};
const ignore = () => undefined;

function aLabTest(run: LabTest['run'], attempts = 1): LabTest {
  return { id: 'edges/a-reaches-b', title: 'a reaches <b>', attempts, run };
}

test('the report and docs/lab.md list the same limits', () => {
  const [, section = ''] =
    /## What it cannot show\n\n([^]*?)\n\n/.exec(readFileSync('docs/lab.md', 'utf8')) ?? [];
  const bullets = section.replaceAll('`', '').split(/^- /m).slice(1);

  expect(bullets.map(subjectOf)).toEqual(CANNOT_SHOW.map(subjectOf));
});

function subjectOf(sentence: string): string {
  return sentence.split(/[:.(]/)[0]?.trim() ?? '';
}

test('a failed assertion fails the test, with what was seen', async () => {
  const [result] = await runTests(
    [
      aLabTest(() =>
        Promise.resolve().then(() => {
          assertThat(false, 'a 503');
          return { seen: '' };
        }),
      ),
    ],
    ignore,
  );

  expect(result).toMatchObject({ passed: false, seen: 'a 503' });
});

test('a test that cannot run fails', async () => {
  const [result] = await runTests([aLabTest(() => Promise.reject(new Error('no port')))], ignore);

  expect(result).toMatchObject({ passed: false, seen: 'could not run: no port' });
});

test('a test runs at most as often as it declares', async () => {
  let attemptCount = 0;
  await runTests([aLabTest(() => Promise.reject(new Error(String((attemptCount += 1)))), 3)], ignore);
  expect(attemptCount).toBe(3);
});

test('a test that passes at the second attempt is reported as passed and retried', async () => {
  let attemptCount = 0;
  const run = () =>
    (attemptCount += 1) === 1
      ? Promise.reject(new AssertionFailure('late by 9 ms'))
      : Promise.resolve({ seen: 'in time' });
  const results = await runTests([aLabTest(run, 3)], ignore);
  const report = { ...REPORT, passed: true, passedTests: 1, failedTests: 0, results };

  expect(results).toMatchObject([{ passed: true, seen: 'in time', earlierAttempts: ['late by 9 ms'] }]);
  expect(renderRunSummary(report)).toContain(
    'RETRIED edges/a-reaches-b passed after 2 attempts; the first failed: late by 9 ms',
  );
  expect(renderPage(report)).toContain('<b>2 attempts</b>, the earlier ones failed: late by 9 ms');
});

test('a run that exceeds the time limit is reported, but passes', () => {
  const atMost = { ...REPORT, passed: true, passedTests: 1, failedTests: 0, durationMs: LONGEST_RUN_MS };
  const longer = { ...atMost, durationMs: LONGEST_RUN_MS + 100 };
  const words = '120.1 s exceed the limit of 120 s';

  expect(renderRunSummary(atMost)).not.toContain('SLOW');
  expect(renderRunSummary(longer)).toMatch(new RegExp(`^SLOW +${words}`, 'm'));
  expect(renderPage(atMost)).not.toContain('exceed');
  expect(renderPage(longer)).toContain(words);
  expect(renderPage(longer)).toContain('1 passed, 0 failed');
});

test('the pattern allows the example path', () => {
  for (const pattern of ['/carts', '/carts/*', '/*'])
    expect(allows({ methods: ['GET'], paths: [pattern] }, 'GET', examplePath(pattern))).toBe(true);
  expect(allows({ methods: ['GET'], paths: ['/carts/*'] }, 'GET', '/cartsX')).toBe(false);
});

test('a mutation without an effect is an error', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'n' },
    spec: { x: 1 },
  };

  expect(() => edit('Service n/b', () => undefined)([object])).toThrow('there is no Service n/b to mutate');
  expect(() => edit('Service n/a', () => undefined)([object])).toThrow('changes nothing');
});

test('the table replaces the text between its markers', () => {
  const table = renderTable([{ what: 'a | b', killedBy: undefined, seen: '' }]);
  const document = replaceTable(
    'before\n<!-- mutations:begin -->\nold\n<!-- mutations:end -->\nafter',
    table,
  );

  expect(document).toMatch(/^\| a \\\| b +\| \*\*survived\*\* +\|/m);
  expect(document).not.toContain('old');
  expect(document).toMatch(/^before[^]*after$/);
});

test('the report shows a failed test, and escapes what it saw', () => {
  const results = [
    { id: 'edges/x', title: 'a reaches <b>', passed: false, seen: '<script>', earlierAttempts: [], ms: 1 },
  ];
  const report: Report = { ...REPORT, results };

  expect(renderPage(report)).toContain('0 passed, 1 failed');
  expect(renderPage(report)).toContain('&lt;script&gt;');
  expect(renderPage(report)).not.toContain('<script>');
  expect(renderPage(report)).toContain('the load balancer');
  expect(renderRunSummary(report)).toContain('FAILED  edges');
  for (const rendered of [renderPage(report), renderRunSummary(report)])
    expect(rendered).toContain('interception: run as root');
});

test('the teardown runs in reverse order, despite errors', async () => {
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
