import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

export const cardDataLeavesFromScope: Rule = {
  id: 'SEC-002',
  title: 'Card data leaves through card services alone',
  severity: 'error',
  rationale:
    'Any service that may send card data to a third party handles card data, whatever its file says (PCI DSS 1.3.2, 3.2.1).',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  fix: "let a service with pciScope 'cardholder-data' make the call",
  check: (environment) => {
    const calls = callsByCaller(environment);
    const taking = new Set(
      environment.externals.filter(({ cardholderData }) => cardholderData).map(({ name }) => name),
    );
    return environment.services
      .filter(({ pciScope }) => pciScope !== 'cardholder-data')
      .flatMap(({ name, pciScope }) =>
        (calls.get(name) ?? [])
          .filter(({ target }) => target.kind === 'external' && taking.has(target.name))
          .map(({ target, path }) => ({
            kind: 'service' as const,
            name,
            path,
            message: `'${target.name}' takes card data, and '${name}' is ${pciScope}`,
          })),
      );
  },
};
