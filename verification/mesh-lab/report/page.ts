import { join } from 'node:path';
import { Eta } from 'eta';
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
    groups: groupResults(results),
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
