import { canarySteps } from '../../canary/steps';
import type { Rule } from '../rule';

export const failureIsSeenAtOnce: Rule = {
  id: 'CAN-004',
  title: 'Total failure is seen at once',
  severity: 'error',
  rationale:
    'Where the window brings fewer requests than gross failure needs, a version that answers nothing at all runs on until the step has decided.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'begin with a larger step, or raise canary.detection.fastWindowMinutes',
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
            message: `${weightPercent} % brings ${Number(requests.toPrecision(4))} requests in fastWindowMinutes ${fastWindowMinutes}, fewer than fastFailedRequests ${fastFailedRequests}`,
            ...fixFor(
              Math.ceil((weightPercent * fastFailedRequests) / requests),
              Math.ceil(fastFailedRequests / requestsPerSecond / 60),
            ),
          },
        ];
      });
    }),
};

/** No advice where neither would do: the service has too few requests for a canary. */
function fixFor(weightPercent: number, windowMinutes: number): { readonly fix: string } {
  const fixes = [
    ...(weightPercent <= 100 ? [`begin at ${weightPercent} %`] : []),
    ...(windowMinutes <= LONGEST_WINDOW_MINUTES ? [`use fastWindowMinutes ${windowMinutes}`] : []),
  ];
  return { fix: fixes.length > 0 ? fixes.join(', or ') : 'take the canary out' };
}

/** What the schema takes. */
const LONGEST_WINDOW_MINUTES = 30;
