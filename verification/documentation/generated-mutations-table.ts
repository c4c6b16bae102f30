/** The figures of `verify mutation generated`, for docs/lab.md. */
import { markdownTable } from 'markdown-table';
import type { GeneratedMutations, Score } from '../mutation/generated/figures';

export function renderGeneratedMutations(figures: GeneratedMutations): string {
  const { byKind, byOperator, byTest, survivors, seed, possible, refused, unchanged, minutes } = figures;
  const all = Object.values(byKind).reduce((sum, score) => ({
    killed: sum.killed + score.killed,
    total: sum.total + score.total,
  }));
  return [
    `${all.killed} of ${all.total} mutants killed (${percent(all)}) in ${minutes} min: a sample with seed ${seed} of the ` +
      `${possible.toLocaleString('en')} that the generator can make. ${refused} others were refused by the API server or by ` +
      `Istio, and ${unchanged} only removed a default.`,
    '',
    markdownTable([['kind of object', 'killed', 'mutants', 'share'], ...rows(byKind)]),
    '',
    markdownTable([['kind of mutation', 'killed', 'mutants', 'share'], ...rows(byOperator)]),
    '',
    'First to notice:',
    '',
    markdownTable([
      ['judge or group of tests', 'mutants'],
      ...Object.entries(byTest).map(([name, count]) => [`\`${name}\``, String(count)]),
    ]),
    '',
    'Survivors:',
    '',
    markdownTable([
      ['mutant', 'why it does not matter'],
      ...survivors.map(({ id, reason }) => [`\`${id.replaceAll('|', '\\|')}\``, reason]),
    ]),
  ].join('\n');
}

function rows(scores: Readonly<Record<string, Score>>): string[][] {
  return Object.entries(scores).map(([name, score]) => [
    name,
    String(score.killed),
    String(score.total),
    percent(score),
  ]);
}

function percent({ killed, total }: Score): string {
  return `${((killed / total) * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
