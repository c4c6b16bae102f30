import { canaryTests } from '../../canary/tests';
import type { Rule } from '../rule';

/** A smaller burn rate would not justify a rollback. */
const SMALLEST_USEFUL_MULTIPLE = 1.5;

export const failingCanaryExceedsBudget: Rule = {
  id: 'CAN-002',
  title: 'A failing canary exceeds its error budget',
  severity: 'error',
  rationale:
    'If the SLO allows a third of the requests to fail, a canary that fails half of them barely exceeds the error budget and cannot be detected.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise the target, or remove the canary policy',
  check: ({ services }) =>
    services.flatMap((service) =>
      canaryTests(service)
        .filter(({ slow }) => slow.multiple < SMALLEST_USEFUL_MULTIPLE)
        .map(({ objective, slow }) => ({
          kind: 'service' as const,
          name: service.name,
          path: ['slos', objective, 'targetPercent'],
          message: `with a target of ${service.slos[objective].targetPercent} %, 50 % ${objective === 'latency' ? 'slow' : 'failed'} requests are a burn rate of only ${Number(slow.multiple.toPrecision(2))}`,
          fix: `use at least ${Math.ceil((1 - 0.5 / SMALLEST_USEFUL_MULTIPLE) * 100)}, or remove the canary policy`,
        })),
    ),
};
