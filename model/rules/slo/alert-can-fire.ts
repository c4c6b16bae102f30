import type { Environment } from '../../environment';
import { journeySubjects, subjectsOf, type Objective, type SloSubject } from '../../slo/subjects';
import { leastPagingTarget, planBurnRateAlerts } from '../../slo/burn-rate-alerts';
import type { Path } from '../../source/yaml-document';
import type { Rule, RuleViolation } from '../rule';

/** With this rate, only the target or the floor can prevent an alert from firing. */
const ANY_NUMBER_OF_REQUESTS = 1e9;

export const alertCanFire: Rule = {
  id: 'SLO-002',
  title: 'Every SLO has an alert that can fire',
  severity: 'error',
  rationale:
    'An alert whose burn rate cannot be reached never fires: at a target of 95 % the standard page needs two thirds of the requests to fail.',
  source: 'https://sre.google/workbook/alerting-on-slos/',
  fix: 'raise the target, correct the rate, or lower the floor',
  check: (environment) => [
    ...environment.services.flatMap((service) =>
      subjectsOf(service, environment).flatMap((subject) =>
        // An edge has the SLOs of its callee.
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

/** @param rateKey key of the request rate in `slos`; undefined for journeys, which use the rates of their entries */
function violationsOf(
  subject: SloSubject,
  kind: RuleViolation['kind'],
  name: string,
  slos: Path,
  rateKey: string | undefined,
): RuleViolation[] {
  const withoutAlert = subject.objectives.filter((objective) => !hasUsefulAlert(subject, objective));
  const lenient = withoutAlert.filter(
    (objective) =>
      !hasUsefulAlert(
        subject,
        planBurnRateAlerts({ ...objective, requestsPerSecond: ANY_NUMBER_OF_REQUESTS }),
      ),
  );
  const violation = (objective: Objective, path: Path, fix: string): RuleViolation => ({
    kind,
    name,
    path: [...slos, ...path],
    message: messageOf(subject, objective),
    fix,
  });
  if (lenient.length > 0) {
    const fix = `use at least ${leastPagingTarget()}, or a tier below critical`;
    return lenient.map((objective) => violation(objective, [objective.indicator, 'targetPercent'], fix));
  }
  // Rate and floor belong to the whole service, so they are reported once.
  return withoutAlert.slice(0, 1).map((objective) => {
    const isFloorTooHigh = hasUsefulAlert(
      subject,
      planBurnRateAlerts({ ...objective, floorFailedRequests: undefined }),
    );
    if (isFloorTooHigh) return violation(objective, ['alertFloorFailedRequests'], 'lower it, or remove it');
    const path = rateKey === undefined ? [] : [rateKey];
    return violation(objective, path, 'correct the rate, or lower the tier of the service');
  });
}

/** Names the dropped alert that is closest to firing. */
function messageOf({ critical, kind, title }: SloSubject, { indicator, dropped }: Objective): string {
  const closest = dropped.filter(({ severity }) => !critical || severity === 'page').at(-1);
  return `no ${critical ? 'page' : 'alert'} on ${indicator}${kind === 'edge' ? ` of ${title}` : ''} can fire: ${closest?.reason ?? ''}`;
}

function hasUsefulAlert(
  { critical }: SloSubject,
  { burnRateAlerts }: Pick<Objective, 'burnRateAlerts'>,
): boolean {
  return burnRateAlerts.some(({ severity }) => !critical || severity === 'page');
}
