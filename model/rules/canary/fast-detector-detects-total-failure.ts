import { canarySteps } from '../../canary/steps';
import type { Rule } from '../rule';

export const fastDetectorDetectsTotalFailure: Rule = {
  id: 'CAN-004',
  title: 'The fast detector detects total failure',
  severity: 'error',
  rationale:
    'If the fast window has fewer requests than fastFailedRequests, a canary that fails every request runs until the slow detector decides.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'start with a larger step, or raise canary.detection.fastWindowMinutes',
  check: ({ services }) =>
    services.flatMap((service) => {
      if (service.canaryPolicy === undefined) return [];
      const { fastWindowMinutes, fastFailedRequests } = service.canaryPolicy.detection;
      return canarySteps(service).flatMap(({ weightPercent, requestsPerSecond }, index) => {
        const requests = requestsPerSecond * fastWindowMinutes * 60;
        if (requests >= fastFailedRequests) return [];
        return [
          {
            kind: 'service' as const,
            name: service.name,
            path: ['canary', 'stepsPercent', index],
            message: `${weightPercent} % of the traffic has ${Number(requests.toPrecision(4))} requests in fastWindowMinutes ${fastWindowMinutes}, fewer than fastFailedRequests ${fastFailedRequests}`,
            ...fixFor(
              Math.ceil((weightPercent * fastFailedRequests) / requests),
              Math.ceil(fastFailedRequests / requestsPerSecond / 60),
            ),
          },
        ];
      });
    }),
};

/** If neither fix is possible, the service has too few requests for a canary. */
function fixFor(weightPercent: number, windowMinutes: number): { readonly fix: string } {
  const fixes = [
    ...(weightPercent <= 100 ? [`start at ${weightPercent} %`] : []),
    ...(windowMinutes <= LONGEST_WINDOW_MINUTES ? [`use fastWindowMinutes ${windowMinutes}`] : []),
  ];
  return { fix: fixes.length > 0 ? fixes.join(', or ') : 'remove the canary policy' };
}

/** Maximum of the schema. */
const LONGEST_WINDOW_MINUTES = 30;
