import { groupResults } from '../../support/lab-test';
import { describeOverrun, describeNotShown, type Report } from './report';

/** A line for each group, every failed test in full, and what this machine could not show. */
export function renderRunSummary(report: Report): string {
  const groups = groupResults(report.results).map(([group, results]) => {
    const passed = results.filter((result) => result.passed).length;
    const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
    const mark = passed === results.length ? 'passed' : 'FAILED';
    return `${mark}  ${group.padEnd(14)} ${String(passed).padStart(3)} of ${String(results.length).padStart(3)}   ${seconds.toFixed(1).padStart(6)} s`;
  });
  const repeated = report.results
    .filter(({ passed, earlierAttempts }) => passed && earlierAttempts.length > 0)
    .map(
      ({ id, earlierAttempts }) =>
        `RETRIED ${id} passed after ${earlierAttempts.length + 1} attempts; the first failed: ${earlierAttempts[0]}`,
    );
  const notShown = report.notShown.map((one) => `NOT SHOWN on this machine  ${describeNotShown(one)}`);
  const overrun = describeOverrun(report);
  const slow = overrun === undefined ? [] : [`SLOW    ${overrun}`];
  const failed = report.results
    .filter(({ passed }) => !passed)
    .map(({ id, title, seen }) => `\n${id}: ${title}\n  ${seen.replaceAll('\n', '\n  ')}`);
  return [
    ...groups,
    ...repeated,
    ...notShown,
    ...slow,
    ...failed,
    '',
    `${report.environment}: ${report.passedTests} passed, ${report.failedTests} failed, ${(report.durationMs / 1_000).toFixed(1)} s`,
    'docs/lab.md lists what the lab cannot show on any machine',
  ].join('\n');
}
