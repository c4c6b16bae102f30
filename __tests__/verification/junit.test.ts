import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderJunit, writeJunit, type TestSuite } from '../../verification/support/junit';
import { addResult, type TestResult } from '../../verification/support/lab-test';
import { Results } from '../../verification/support/results';

const SUITES: readonly TestSuite[] = [
  {
    name: 'edges',
    tests: [
      { name: 'a reaches <b> & "c"', seconds: 1.25, output: '3 × 200' },
      { name: 'd', seconds: 0.5, failure: 'first line\nsecond < line', output: '\u001b[31mred\u0000' },
    ],
  },
  { name: 'interception', tests: [{ name: 'e', seconds: 0, skipped: "needs 'iptables'" }] },
];

/** Throws unless tags are balanced and all text is escaped. Returns the attributes by element, in document order. */
function parse(xml: string): [element: string, attributes: Record<string, string>][] {
  const elements: [string, Record<string, string>][] = [];
  const open: string[] = [];
  const text = xml
    .replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '')
    .replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, end, name, attributes, empty) => {
      if (end !== '') expect(open.pop()).toBe(name);
      else {
        const pairs = [...String(attributes).matchAll(/ ([a-z]+)="([^"]*)"/g)];
        elements.push([name, Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]))]);
        if (empty === '') open.push(name);
      }
      return '';
    });
  expect(open).toEqual([]);
  expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
  return elements;
}

function attributesOf(xml: string, element: string): Record<string, string>[] {
  return parse(xml).flatMap(([name, attributes]) => (name === element ? [attributes] : []));
}

test('it is well-formed, whatever the tests print', () => {
  const xml = renderJunit(SUITES);

  expect(attributesOf(xml, 'testcase')[0]).toEqual({
    classname: 'edges',
    name: 'a reaches &lt;b&gt; &amp; &quot;c&quot;',
    time: '1.250',
  });
  // eslint-disable-next-line no-control-regex -- XML 1.0 does not allow them
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
});

test('suites and their total count tests, failures and skipped tests', () => {
  const xml = renderJunit(SUITES);

  expect(attributesOf(xml, 'testsuites')).toEqual([
    { tests: '3', failures: '1', skipped: '1', time: '1.750' },
  ]);
  expect(attributesOf(xml, 'testsuite')).toEqual([
    { name: 'edges', tests: '2', failures: '1', skipped: '0', time: '1.750' },
    { name: 'interception', tests: '1', failures: '0', skipped: '1', time: '0.000' },
  ]);
});

test('a failure has its first line as the message, and the full text', () => {
  const xml = renderJunit(SUITES);

  expect(xml).toContain('<failure message="first line">first line\nsecond &lt; line</failure>');
  expect(attributesOf(xml, 'skipped')).toEqual([{ message: "needs 'iptables'" }]);
});

test('a report without tests is valid', () => {
  expect(parse(renderJunit([]))).toEqual([
    ['testsuites', { tests: '0', failures: '0', skipped: '0', time: '0.000' }],
  ]);
});

test('the folder of the report is created', () => {
  const folder = mkdtempSync(join(tmpdir(), 'junit-'));
  const file = join(folder, 'new', 'report.xml');
  try {
    writeJunit(file, SUITES);
    expect(readFileSync(file, 'utf8')).toBe(renderJunit(SUITES));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a result of the lab is in the suite of its group, with all attempts', () => {
  const results = new Results('mesh-lab');
  const result: TestResult = {
    id: 'timeouts/get-cart',
    title: 'a GET fails in time',
    passed: false,
    seen: 'late again',
    earlierAttempts: ['late'],
    ms: 1_500,
  };
  addResult(results, result);
  addResult(results, { ...result, id: 'edges/a', passed: true, earlierAttempts: [] });

  expect(results.failed).toBe(1);
  expect(results.suites).toEqual([
    {
      name: 'timeouts',
      tests: [
        {
          name: 'timeouts/get-cart: a GET fails in time',
          seconds: 1.5,
          failure: 'late again',
          output: 'attempt 1: late\nlate again',
        },
      ],
    },
    { name: 'edges', tests: [{ name: 'edges/a: a GET fails in time', seconds: 1.5, output: 'late again' }] },
  ]);
});
