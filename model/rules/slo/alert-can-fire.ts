import type { Environment } from '../../environment';
import { journeySubjects, subjectsOf, type Objective, type SloSubject } from '../../slo/subjects';
import { leastPagingTarget, planBurnRateAlerts } from '../../slo/burn-rate-alerts';
import type { Path } from '../../source/yaml-document';
import type { Rule, RuleViolation } from '../rule';

/** So many that only the target, or the floor, can keep an alert from firing. */
const ANY_NUMBER_OF_REQUESTS = 1e9;

export const alertCanFire: Rule = {
  id: 'SLO-002',
  title: 'Every promise has an alert that fires',
  severity: 'error',
  rationale:
    'A burn rate above what all requests together can reach never fires: at 95 % the usual first alert waits for two thirds of the requests to fail.',
  source: 'https://sre.google/workbook/alerting-on-slos/',
  fix: 'raise the target, correct the rate, or lower the floor',
  check: (environment) => [
    ...environment.services.flatMap((service) =>
      subjectsOf(service, environment).flatMap((subject) =>
        // An edge promises what its callee does.
        violationsOf(subject, 'service', subject.callees[0].name, ['slos'], 'expectedRequestsPerSecond'),
      ),
    ),
    ...journeyViolations(environment),
  ],
};

function journeyViolations(environment: Environment): RuleViolation[] {
  return environment.journeys.flatMap(({ name }) => {
    const subject = journeySubjects(environment).find(({ title }) => title === `journey ${name}`);
    return subject === undefined
      ? []
      : violationsOf(subject, 'mesh', 'mesh', ['journeys', name, 'slos'], undefined);
  });
}

/** @param rateKey beside the targets, where the rate is declared; a journey has that of its entries */
function violationsOf(
  subject: SloSubject,
  kind: RuleViolation['kind'],
  name: string,
  slos: Path,
  rateKey: string | undefined,
): RuleViolation[] {
  const mute = subject.objectives.filter((objective) => !usefulFor(subject, objective));
  const lenient = mute.filter(
    (objective) =>
      !usefulFor(subject, planBurnRateAlerts({ ...objective, requestsPerSecond: ANY_NUMBER_OF_REQUESTS })),
  );
  const violation = (objective: Objective, path: Path, fix: string): RuleViolation => ({
    ...{ kind, name, path: [...slos, ...path], message: messageOf(subject, objective), fix },
  });
  if (lenient.length > 0) {
    const fix = `use at least ${leastPagingTarget()}, or a tier below critical`;
    return lenient.map((objective) => violation(objective, [objective.indicator, 'targetPercent'], fix));
  }
  // Rate and floor are those of the whole service, and told once.
  return mute.slice(0, 1).map((objective) => {
    const byFloor = usefulFor(subject, planBurnRateAlerts({ ...objective, floorFailedRequests: undefined }));
    if (byFloor)
      return violation(objective, ['alertFloorFailedRequests'], 'lower the floor, or leave it out');
    const path = rateKey === undefined ? [] : [rateKey];
    return violation(objective, path, 'correct the rate, or lower the tier of the service');
  });
}

/** Of the alerts that are missed, the one that comes nearest to firing. */
function messageOf({ critical, kind, title }: SloSubject, { indicator, dropped }: Objective): string {
  const missed = dropped.filter(({ severity }) => !critical || severity === 'page').at(-1);
  return `no alert on ${indicator}${kind === 'edge' ? ` of ${title}` : ''} would ${critical ? 'page' : 'tell'}: ${missed?.reason ?? ''}`;
}

function usefulFor({ critical }: SloSubject, { burnRateAlerts }: Pick<Objective, 'burnRateAlerts'>): boolean {
  return burnRateAlerts.some(({ severity }) => !critical || severity === 'page');
}
