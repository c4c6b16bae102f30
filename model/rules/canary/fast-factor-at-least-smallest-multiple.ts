import { canaryTests } from '../../canary/tests';
import type { Rule } from '../rule';

export const fastFactorAtLeastSmallestMultiple: Rule = {
  id: 'CAN-005',
  title: 'fastFactor is at least smallestMultiple',
  severity: 'error',
  rationale:
    'The fast detector uses fewer requests than the slow one, so it must not react to smaller burn rates.',
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
