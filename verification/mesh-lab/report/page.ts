import { escape } from '../../support/junit';
import { groupResults, type TestResult } from '../../support/lab-test';
import { renderLatencies, renderSplits, renderTimeouts } from './charts';
import { describeNotShown, describeOverrun, type Report } from './report';
import { renderTopology } from './topology';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #cdd5df; --good: #1a7f4b; --bad: #b3261e; --accent: #2b63c6; --soft: #f3f5f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #14181f; --line: #39424e; --good: #5ecb92; --bad: #ff8a80; --accent: #8ab4f8; --soft: #1d232c } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } .summary { font-size: 1.1rem } .good { color: var(--good) } .bad { color: var(--bad) }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif } .box { fill: var(--soft); stroke: var(--line) } svg text { fill: var(--ink) } .edge { fill: none; stroke: var(--accent); opacity: .55 } .weight { font-weight: 600 }
.bar { display: grid; grid-template-columns: 15rem 1fr 6rem; gap: .8rem; align-items: center; margin: .25rem 0 } .track { position: relative; height: 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: 3px } .canary, .time { position: absolute; inset: 0 auto 0 0; background: var(--accent) } .mark { position: absolute; top: -4px; bottom: -4px; width: 2px; background: var(--bad) } .value { text-align: right; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top } .figures td + td, .figures th + th { text-align: right; font-variant-numeric: tabular-nums } td, li { overflow-wrap: anywhere } td.good, td.bad { overflow-wrap: normal } td.seen { font-size: .9em }
summary { cursor: pointer; font-weight: 600; margin: .6rem 0 }
@media (max-width: 600px) { .bar { grid-template-columns: 8rem 1fr 5rem } }
`;

/** A self-contained page without scripts. */
export function renderPage(report: Report): string {
  const { passedTests, failedTests } = report;
  const counts = `${passedTests} passed, ${failedTests} failed, ${(report.durationMs / 1_000).toFixed(0)} s`;
  const limits = [
    ...report.notShown.map((one) => `On this machine: ${describeNotShown(one)}`),
    ...report.cannotShow,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mesh lab: ${escape(report.environment)}</title><style>${STYLE}</style></head><body>
<h1>Mesh lab: ${escape(report.environment)}</h1>
<p class="summary ${report.passed ? 'good' : 'bad'}">${counts}</p>${overrunOf(report)}
<h2>Call graph</h2>${renderTopology(report.edges)}
${section('Share of the canary', renderSplits(report.results))}
${section('Latency of these requests', renderLatencies(report.results))}
${section('Time until a call to a hanging service fails', renderTimeouts(report.results))}
<h2>Tests</h2>${groupResults(report.results).map(renderGroup).join('\n')}
<h2>What the lab cannot show</h2><ul>${limits.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>
</body></html>
`;
}

function overrunOf(report: Report): string {
  const overrun = describeOverrun(report);
  return overrun === undefined ? '' : `\n<p class="bad">${escape(overrun)}</p>`;
}

function section(title: string, content: string): string {
  return content === '' ? '' : `<h2>${title}</h2>${content}`;
}

function renderEarlier({ earlierAttempts }: TestResult): string {
  if (earlierAttempts.length === 0) return '';
  return `<br><b>${earlierAttempts.length + 1} attempts</b>, the earlier ones failed: ${escape(earlierAttempts.join('; '))}`;
}

function renderGroup([group, results]: ReturnType<typeof groupResults>[number]): string {
  const passed = results.filter((result) => result.passed).length;
  const rows = results.map(
    (result) =>
      `<tr><td class="${result.passed ? 'good' : 'bad'}">${result.passed ? 'passed' : 'failed'}</td><td>${escape(result.title)}</td><td class="seen">${escape(result.seen)}${renderEarlier(result)}</td></tr>`,
  );
  const open = passed === results.length ? '' : ' open';
  return `<details${open}><summary>${escape(group)}: ${passed} of ${results.length} passed</summary><table><tbody>${rows.join('')}</tbody></table></details>`;
}
