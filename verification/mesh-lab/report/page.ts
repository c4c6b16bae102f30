import { join } from 'node:path';
import { Eta } from 'eta';
import { DIAGRAM_STYLE } from '../../../model/diagram/svg';
import { escape } from '../../support/junit';
import { groupResults } from '../../support/lab-test';
import { projectRoot } from '../../support/project-root';
import { latencies, splits, timeouts } from './charts';
import { describeNotShown, describeOverrun, type Report } from './report';
import { renderTopology } from './topology';

const TEMPLATES = new Eta({
  views: join(projectRoot(), 'verification/mesh-lab/report'),
  escapeFunction: (value) => escape(String(value)),
});

/** A self-contained page without scripts. */
export function renderPage(report: Report): string {
  const { results } = report;
  return TEMPLATES.render('page', {
    report,
    groups: failuresFirst(groupResults(results)),
    diagramStyle: DIAGRAM_STYLE,
    overrun: describeOverrun(report),
    splits: splits(results),
    latencies: latencies(results),
    timeouts: timeouts(results),
    topology: renderTopology(report.edges),
    limits: [
      ...report.notShown.map((one) => `On this machine: ${describeNotShown(one)}`),
      ...report.cannotShow,
    ],
  });
}

type Groups = ReturnType<typeof groupResults>;

/** Groups with a failed test, and failed tests in a group. */
function failuresFirst(groups: Groups): Groups {
  const byFailure = (a: boolean, b: boolean) => Number(a) - Number(b);
  return groups
    .map(([group, results]): Groups[number] => [
      group,
      [...results].sort((a, b) => byFailure(a.passed, b.passed)),
    ])
    .sort(([, a], [, b]) => byFailure(a[0]?.passed ?? true, b[0]?.passed ?? true));
}
