import { canaryTests } from '../../canary/tests';
import type { Rule } from '../rule';

export const fastIsGrosser: Rule = {
  id: 'CAN-005',
  title: 'Gross failure is grosser than the smallest multiple',
  severity: 'error',
  rationale:
    'The fast detector looks at few requests; below the multiple that the slow one is sized for it would decide on less than is needed.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise canary.detection.fastFactor',
  check: ({ services }) =>
    services.flatMap((service) =>
      canaryTests(service).some(({ fast, slow }) => fast.failureShare < slow.multiple * slow.budget)
        ? [
            {
              kind: 'service' as const,
              name: service.name,
              path: ['canary', 'detection', 'fastFactor'],
              message: `${service.canaryPolicy?.detection.fastFactor} is below smallestMultiple ${service.canaryPolicy?.detection.smallestMultiple}`,
            },
          ]
        : [],
    ),
};
