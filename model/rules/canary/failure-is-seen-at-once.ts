import { canarySteps } from '../../canary/steps';
import type { Rule } from '../rule';

export const failureIsSeenAtOnce: Rule = {
  id: 'CAN-004',
  title: 'A version that fails altogether is seen at once',
  severity: 'error',
  rationale:
    'Where the window brings fewer requests than gross failure needs, a version that answers nothing at all runs on until the step has decided.',
  source: 'docs/canary.md',
  remedy: 'begin with a larger step, or raise canary.detection.fastWindowMinutes',
  check: ({ services }) =>
    services.flatMap((service) => {
      if (service.canary === undefined) return [];
      const { fastWindowMinutes, fastBadRequests } = service.canary.detection;
      return canarySteps(service).flatMap(({ weightPercent, requestsPerSecond }, index) => {
        const requests = requestsPerSecond * fastWindowMinutes * 60;
        if (requests >= fastBadRequests) return [];
        return [
          {
            kind: 'service' as const,
            name: service.name,
            path: ['canary', 'stepsPercent', index],
            message: `${weightPercent} % brings ${Number(requests.toPrecision(2))} requests in fastWindowMinutes ${fastWindowMinutes}, fewer than fastBadRequests ${fastBadRequests}`,
            remedy: `begin at ${Math.ceil((weightPercent * fastBadRequests) / requests)} %, or use fastWindowMinutes ${Math.ceil(fastBadRequests / requestsPerSecond / 60)}`,
          },
        ];
      });
    }),
};
