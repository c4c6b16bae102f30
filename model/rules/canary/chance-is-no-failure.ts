import { canarySteps, fastFalseAlarm } from '../../canary/steps';
import { canaryTests } from '../../canary/tests';
import type { Service } from '../../service';
import type { Rule } from '../rule';

export const chanceIsNoFailure: Rule = {
  id: 'CAN-003',
  title: 'Chance alone is no gross failure',
  severity: 'error',
  rationale:
    'With few requests a handful of bad ones is a large share: a healthy version is rolled back, and after the second time people switch the guard off.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise canary.detection.fastFailedRequests',
  check: ({ services }) =>
    services.flatMap((service) => {
      const found = falseAlarm(service);
      if (service.canaryPolicy === undefined || found === undefined) return [];
      const enough = fewestFailedRequests(service);
      return [
        {
          kind: 'service' as const,
          name: service.name,
          path: ['canary', 'detection', 'fastFailedRequests'],
          message: `${service.canaryPolicy.detection.fastFailedRequests} bad requests in ${service.canaryPolicy.detection.fastWindowMinutes} min come by chance in up to ${percent(found.chance)} of the steps at ${found.weightPercent} %; ${percent(found.accepted)} is this detector's part of falseRollbackPercent`,
          ...(enough !== undefined && { fix: `use at least ${enough}` }),
        },
      ];
    }),
};

/** The step and promise at which a healthy version is most likely to look broken, if that is too likely. */
function falseAlarm(service: Service) {
  return canaryTests(service)
    .flatMap((test) =>
      canarySteps(service).map((step) => ({
        weightPercent: step.weightPercent,
        chance: fastFalseAlarm(test, step),
        accepted: test.falseAlarm,
      })),
    )
    .filter(({ chance, accepted }) => chance > accepted)
    .sort((a, b) => b.chance - a.chance)[0];
}

function fewestFailedRequests(service: Service): number | undefined {
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) return undefined;
  const numbers = Array.from(
    { length: 100 },
    (_, index) => index + canaryPolicy.detection.fastFailedRequests,
  );
  return numbers.find(
    (fastFailedRequests) =>
      falseAlarm({
        ...service,
        canaryPolicy: { ...canaryPolicy, detection: { ...canaryPolicy.detection, fastFailedRequests } },
      }) === undefined,
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
