import type { SourceKind } from '../../source/read-folder';
import type { Path } from '../../source/yaml-document';
import type { Rule, RuleViolation } from '../rule';

const FEWEST_ERRORS = 3;
const SHORTEST_INTERVAL_SECONDS = 5;

export const ejectionNeedsSeveralErrors: Rule = {
  id: 'RES-009',
  title: 'Ejection needs several errors',
  severity: 'error',
  rationale:
    'One or two errors can be chance: healthy pods are ejected, and the remaining pods get their load.',
  source: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection',
  fix: `use at least ${FEWEST_ERRORS} errors and an interval of at least ${SHORTEST_INTERVAL_SECONDS} s`,
  check: ({ services, externals }) => [
    ...services.flatMap(({ name, circuitBreaker: { outlierDetection } }) => {
      const path = ['circuitBreaker', 'outlierDetection'];
      return [
        ...tooFewErrors('service', name, path, outlierDetection.consecutive5xxErrors),
        ...tooShort(name, path, outlierDetection.intervalSeconds),
      ];
    }),
    ...externals.flatMap(({ name, circuitBreaker }) =>
      tooFewErrors('external', name, ['circuitBreaker'], circuitBreaker.consecutive5xxErrors),
    ),
  ],
};

function tooFewErrors(kind: SourceKind, name: string, path: Path, errors: number): RuleViolation[] {
  if (errors >= FEWEST_ERRORS) return [];
  return [
    {
      kind,
      name,
      path: [...path, 'consecutive5xxErrors'],
      message: `${errors} consecutive ${errors === 1 ? 'error ejects' : 'errors eject'} an endpoint`,
      fix: `use at least ${FEWEST_ERRORS}`,
    },
  ];
}

function tooShort(name: string, path: Path, intervalSeconds: number): RuleViolation[] {
  if (intervalSeconds >= SHORTEST_INTERVAL_SECONDS) return [];
  return [
    {
      kind: 'service',
      name,
      path: [...path, 'intervalSeconds'],
      message: `an interval of ${intervalSeconds} s has too few requests`,
      fix: `use at least ${SHORTEST_INTERVAL_SECONDS}`,
    },
  ];
}
