import { canaryTests } from '../../canary/tests';
import type { Rule } from '../rule';

/** Below it even an exact figure would not be worth a rollback. */
const SMALLEST_USEFUL_MULTIPLE = 1.5;

export const budgetLeavesRoom: Rule = {
  id: 'CAN-002',
  title: "A canary's budget leaves room for worse",
  severity: 'error',
  rationale:
    'Where a third of the requests may be bad, a version half of whose requests are bad is hardly worse than promised, and no canary will show it.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise the target, or take the canary out',
  check: ({ services }) =>
    services.flatMap((service) =>
      canaryTests(service)
        .filter(({ slow }) => slow.multiple < SMALLEST_USEFUL_MULTIPLE)
        .map(({ objective, slow }) => ({
          kind: 'service' as const,
          name: service.name,
          path: ['slos', objective, 'targetPercent'],
          message: `${service.slos[objective].targetPercent} % allows so many bad requests that half of them bad is only ${Number(slow.multiple.toPrecision(2))} times the budget`,
          fix: `use at least ${Math.ceil((1 - 0.5 / SMALLEST_USEFUL_MULTIPLE) * 100)}, or take the canary out`,
        })),
    ),
};
