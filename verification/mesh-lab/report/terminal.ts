import { type TestResult } from '../../support/lab-test';
import { describeOverrun, type Report } from './report';

/** One line a group, every broken promise in full, and what cannot be shown. */
export function renderSummary(report: Report): string {
  const lines = groups(report.verdicts).map(([group, verdicts]) => {
    const passed = verdicts.filter((verdict) => verdict.passed).length;
    const seconds = verdicts.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
    const mark = passed === verdicts.length ? 'kept  ' : 'BROKEN';
    return `${mark}  ${group.padEnd(14)} ${String(passed).padStart(3)} of ${String(verdicts.length).padStart(3)}   ${seconds.toFixed(1).padStart(6)} s`;
  });
  const failed = report.verdicts
    .filter(({ passed }) => !passed)
    .map(({ id, title, seen }) => `\n${id}: ${title}\n  ${seen.replaceAll('\n', '\n  ')}`);
  const total = `${report.passedTests} promises kept, ${report.failedTests} broken, ${(report.durationMs / 1_000).toFixed(1)} s`;
  const again = report.verdicts
    .filter(({ passed, earlierAttempts }) => passed && earlierAttempts.length > 0)
    .map(
      ({ id, earlierAttempts }) =>
        `again   ${id} took ${earlierAttempts.length + 1} tries, at first ${earlierAttempts[0]}`,
    );
  const notShown = report.notShown.map((line) => `NOT SHOWN on this machine  ${line}`);
  const overrun = describeOverrun(report);
  const slow = overrun === undefined ? [] : [`SLOW    ${overrun}`];
  return [
    ...[...lines, ...again, ...notShown, ...slow, ...failed, ''],
    `${report.environment}: ${total}`,
    'what no machine can show without Google: see docs/lab.md',
  ].join('\n');
}

/** By what stands before the slash, in the order in which it first appears. */
export function groups(verdicts: readonly TestResult[]): [string, TestResult[]][] {
  const found = new Map<string, TestResult[]>();
  for (const verdict of verdicts) {
    const group = verdict.id.split('/')[0] ?? '';
    found.set(group, [...(found.get(group) ?? []), verdict]);
  }
  return [...found];
}
