/** JUnit XML, as GitHub, GitLab, Jenkins and most CI dashboards read it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface TestCase {
  readonly name: string;
  readonly seconds: number;
  /** Why it failed; the first line is the summary. */
  readonly failure?: string;
  /** Why it did not run. */
  readonly skipped?: string;
  /** What was measured or observed. */
  readonly output?: string;
}

export interface TestSuite {
  readonly name: string;
  readonly tests: readonly TestCase[];
}

/** Writes one report. Creates the folder of the file. */
export function writeJunit(file: string, suites: readonly TestSuite[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderJunit(suites));
}

export function renderJunit(suites: readonly TestSuite[]): string {
  const lines = suites.flatMap(({ name, tests }) => [
    `  <testsuite ${attributes({ name, ...totals(tests) })}>`,
    ...tests.map((test) => renderTest(name, test)),
    '  </testsuite>',
  ]);
  const all = totals(suites.flatMap(({ tests }) => tests));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes(all)}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

function renderTest(suite: string, { name, seconds, failure, skipped, output }: TestCase): string {
  const details = [
    ...(failure === undefined
      ? []
      : [`<failure ${attributes({ message: failure.split('\n')[0] ?? '' })}>${escape(failure)}</failure>`]),
    ...(skipped === undefined ? [] : [`<skipped ${attributes({ message: skipped })}/>`]),
    ...(output === undefined ? [] : [`<system-out>${escape(output)}</system-out>`]),
  ];
  const start = `    <testcase ${attributes({ classname: suite, name, time: seconds.toFixed(3) })}`;
  return details.length === 0 ? `${start}/>` : `${start}>${details.join('')}</testcase>`;
}

function totals(tests: readonly TestCase[]) {
  return {
    tests: tests.length,
    failures: tests.filter(({ failure }) => failure !== undefined).length,
    skipped: tests.filter(({ skipped }) => skipped !== undefined).length,
    time: tests.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value))}"`)
    .join(' ');
}

/** For XML and HTML. XML 1.0 has no notation for most control characters, such as the colour codes of a terminal. */
export function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- they are what is removed
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
