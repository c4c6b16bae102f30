import { type TestResult } from '../../support/lab-test';
import { renderLatencies, renderSplits, renderTimeouts } from './charts';
import { escape } from './escape';
import { describeOverrun, type Report } from './report';
import { groups } from './terminal';
import { renderTopology } from './topology';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #cdd5df; --good: #1a7f4b; --bad: #b3261e; --accent: #2b63c6; --soft: #f3f5f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #14181f; --line: #39424e; --good: #5ecb92; --bad: #ff8a80; --accent: #8ab4f8; --soft: #1d232c } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1100px; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } .verdict { font-size: 1.1rem } .good { color: var(--good) } .bad { color: var(--bad) }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif } .box { fill: var(--soft); stroke: var(--line) } svg text { fill: var(--ink) } .edge { fill: none; stroke: var(--accent); opacity: .55 } .weight { font-weight: 600 }
.bar { display: grid; grid-template-columns: 15rem 1fr 6rem; gap: .8rem; align-items: center; margin: .25rem 0 } .track { position: relative; height: 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: 3px } .canary, .time { position: absolute; inset: 0 auto 0 0; background: var(--accent) } .mark { position: absolute; top: -4px; bottom: -4px; width: 2px; background: var(--bad) } .value { text-align: right; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top } .figures td + td, .figures th + th { text-align: right; font-variant-numeric: tabular-nums } td.seen { font-size: .9em; overflow-wrap: anywhere }
summary { cursor: pointer; font-weight: 600; margin: .6rem 0 }
`;

/** A page by itself: no script, nothing fetched. */
export function renderPage(report: Report): string {
  const outcome = report.passed
    ? 'Every promise is kept'
    : report.failedTests === 1
      ? '1 promise is broken'
      : `${report.failedTests} promises are broken`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mesh lab: ${escape(report.environment)}</title><style>${STYLE}</style></head><body>
<h1>Mesh lab: ${escape(report.environment)}</h1>
<p class="verdict ${report.passed ? 'good' : 'bad'}">${outcome}: ${report.passedTests} of ${report.passedTests + report.failedTests}, in ${(report.durationMs / 1_000).toFixed(0)} s</p>${overrunOf(report)}
<h2>Who calls whom</h2>${renderTopology(report.edges)}
${section('The canary’s share', renderSplits(report.verdicts))}
${section('Latency of those requests', renderLatencies(report.verdicts))}
${section('How long a hanging callee keeps its caller', renderTimeouts(report.verdicts))}
<h2>Promises and their evidence</h2>${groups(report.verdicts).map(renderGroup).join('\n')}
<h2>What this cannot show</h2><ul>${[...report.notShown.map((line) => `On this machine: ${line}`), ...report.cannotShow].map((line) => `<li>${escape(line)}</li>`).join('')}</ul>
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

/** A promise that held at the second try is kept, and not as good as one that held at once. */
function renderEarlier({ earlierAttempts }: TestResult): string {
  if (earlierAttempts.length === 0) return '';
  return `<br><b>took ${earlierAttempts.length + 1} tries</b>, before: ${escape(earlierAttempts.join('; '))}`;
}

function renderGroup([group, verdicts]: ReturnType<typeof groups>[number]): string {
  const passed = verdicts.filter((verdict) => verdict.passed).length;
  const rows = verdicts.map(
    (verdict) =>
      `<tr><td class="${verdict.passed ? 'good' : 'bad'}">${verdict.passed ? 'kept' : 'broken'}</td><td>${escape(verdict.title)}</td><td class="seen">${escape(verdict.seen)}${renderEarlier(verdict)}</td></tr>`,
  );
  const open = passed === verdicts.length ? '' : ' open';
  return `<details${open}><summary>${escape(group)}: ${passed} of ${verdicts.length}</summary><table><tbody>${rows.join('')}</tbody></table></details>`;
}
