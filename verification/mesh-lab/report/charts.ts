import { escape } from '../../support/junit';
import { type TestResult } from '../../support/lab-test';

/** Configured and measured share of the canary, for each split test and sender. */
export function renderSplits(results: readonly TestResult[]): string {
  const rows = results
    .filter(({ id, figures }) => id.startsWith('split/') && figures !== undefined)
    .flatMap(({ title, figures }) => {
      const { percent, latenciesMs: _, ...shares } = figures ?? {};
      return Object.entries(shares).map(([from, share]) => bar(title, from, Number(share), Number(percent)));
    });
  return rows.length === 0 ? '' : `<div class="bars">${rows.join('')}</div>`;
}

function bar(title: string, from: string, share: number, configured: number): string {
  return `<div class="bar" title="${escape(title)}"><span class="name">${configured} % configured, ${escape(from)}</span><span class="track"><span class="canary" style="width:${share}%"></span><span class="mark" style="left:${configured}%"></span></span><span class="value">${share.toFixed(2)} %</span></div>`;
}

/** Latency quantiles of the requests of the split tests. */
export function renderLatencies(results: readonly TestResult[]): string {
  const rows = results
    .filter(({ id, figures }) => id.startsWith('split/') && Array.isArray(figures?.['latenciesMs']))
    .flatMap(({ id, figures }) => {
      const { percent: _, latenciesMs, ...shares } = figures ?? {};
      const values = latenciesMs as readonly number[];
      return Object.keys(shares).map((from, index) => {
        const [p50, p95, p99] = values.slice(index * 3, index * 3 + 3);
        return `<tr><td>${escape(id.replace('split/', ''))}, ${escape(from)}</td><td>${p50}</td><td>${p95}</td><td>${p99}</td></tr>`;
      });
    });
  if (rows.length === 0) return '';
  return `<table class="figures"><thead><tr><th>requests</th><th>50 %, ms</th><th>95 %, ms</th><th>99 %, ms</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Time until calls to a hanging service failed. */
export function renderTimeouts(results: readonly TestResult[]): string {
  const measured = results.filter(
    ({ id, figures }) => id.startsWith('timeouts/') && typeof figures?.['ms'] === 'number',
  );
  const longest = Math.max(...measured.map(({ figures }) => Number(figures?.['ms'])), 1);
  const rows = measured.map(({ id, figures }) => {
    const ms = Number(figures?.['ms']);
    return `<div class="bar"><span class="name">${escape(id.replace('timeouts/', ''))}</span><span class="track"><span class="time" style="width:${(ms / longest) * 100}%"></span></span><span class="value">${ms.toFixed(0)} ms</span></div>`;
  });
  return rows.length === 0 ? '' : `<div class="bars">${rows.join('')}</div>`;
}
