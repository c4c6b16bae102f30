import { type TestResult } from '../../support/lab-test';
import { escape } from './escape';

/** Of each split: what was asked for, and what visitors and sidecars got. */
export function renderSplits(verdicts: readonly TestResult[]): string {
  const rows = verdicts
    .filter(({ id, figures }) => id.startsWith('split/') && figures !== undefined)
    .flatMap(({ title, figures }) => {
      const { percent, latenciesMs: _, ...shares } = figures ?? {};
      return Object.entries(shares).map(([from, share]) => bar(title, from, Number(share), Number(percent)));
    });
  return rows.length === 0 ? '' : `<div class="bars">${rows.join('')}</div>`;
}

function bar(title: string, from: string, share: number, wanted: number): string {
  return `<div class="bar" title="${escape(title)}"><span class="name">${wanted} % asked, ${escape(from)}</span><span class="track"><span class="canary" style="width:${share}%"></span><span class="mark" style="left:${wanted}%"></span></span><span class="value">${share.toFixed(2)} %</span></div>`;
}

/** Quantiles of the requests that the splits were measured by. */
export function renderLatencies(verdicts: readonly TestResult[]): string {
  const rows = verdicts
    .filter(({ id, figures }) => id.startsWith('split/') && Array.isArray(figures?.['latenciesMs']))
    .flatMap(({ id, figures }) => {
      const { percent: _, latenciesMs, ...shares } = figures ?? {};
      const values = latenciesMs as readonly number[];
      return Object.keys(shares).map((from, index) => {
        const [half, most, nearlyAll] = values.slice(index * 3, index * 3 + 3);
        return `<tr><td>${escape(id.replace('split/', ''))}, ${escape(from)}</td><td>${half}</td><td>${most}</td><td>${nearlyAll}</td></tr>`;
      });
    });
  if (rows.length === 0) return '';
  return `<table class="figures"><thead><tr><th>requests</th><th>50 %, ms</th><th>95 %, ms</th><th>99 %, ms</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** How long hanging callees kept their callers, against nothing but the clock. */
export function renderTimeouts(verdicts: readonly TestResult[]): string {
  const measured = verdicts.filter(
    ({ id, figures }) => id.startsWith('timeouts/') && typeof figures?.['ms'] === 'number',
  );
  const longest = Math.max(...measured.map(({ figures }) => Number(figures?.['ms'])), 1);
  const rows = measured.map(({ id, figures }) => {
    const ms = Number(figures?.['ms']);
    return `<div class="bar"><span class="name">${escape(id.replace('timeouts/', ''))}</span><span class="track"><span class="time" style="width:${(ms / longest) * 100}%"></span></span><span class="value">${ms.toFixed(0)} ms</span></div>`;
  });
  return rows.length === 0 ? '' : `<div class="bars">${rows.join('')}</div>`;
}
