import { canarySteps, fastFalseAlarm } from '../../canary/steps';
import { canaryTests } from '../../canary/tests';
import type { Service } from '../../service';
import type { Rule } from '../rule';

export const chanceDoesNotTriggerFastDetector: Rule = {
  id: 'CAN-003',
  title: 'Chance does not trigger the fast detector',
  severity: 'error',
  rationale:
    'With few requests a handful of failures is a large share, so healthy canaries are rolled back and people stop trusting the rollback controller.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise canary.detection.fastFailedRequests',
  check: ({ services }) =>
    services.flatMap((service) => {
      const found = worstFalseAlarm(service);
      if (service.canaryPolicy === undefined || found === undefined) return [];
      const sufficient = sufficientFailedRequests(service);
      return [
        {
          kind: 'service' as const,
          name: service.name,
          path: ['canary', 'detection', 'fastFailedRequests'],
          message: `${service.canaryPolicy.detection.fastFailedRequests} failed or slow requests in ${service.canaryPolicy.detection.fastWindowMinutes} min occur by chance in up to ${percent(found.probability)} of the steps at ${found.weightPercent} %; this detector's share of falseRollbackPercent is ${percent(found.accepted)}`,
          ...(sufficient !== undefined && { fix: `use at least ${sufficient}` }),
        },
      ];
    }),
};

/** The step and SLO with the highest false-alarm probability, if it exceeds the accepted one. */
function worstFalseAlarm(service: Service) {
  return canaryTests(service)
    .flatMap((test) =>
      canarySteps(service).map((step) => ({
        weightPercent: step.weightPercent,
        probability: fastFalseAlarm(test, step),
        accepted: test.falseAlarm,
      })),
    )
    .filter(({ probability, accepted }) => probability > accepted)
    .sort((a, b) => b.probability - a.probability)[0];
}

function sufficientFailedRequests(service: Service): number | undefined {
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) return undefined;
  const numbers = Array.from(
    { length: 100 },
    (_, index) => index + canaryPolicy.detection.fastFailedRequests,
  );
  return numbers.find(
    (fastFailedRequests) =>
      worstFalseAlarm({
        ...service,
        canaryPolicy: { ...canaryPolicy, detection: { ...canaryPolicy.detection, fastFailedRequests } },
      }) === undefined,
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
