import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

export const onlyCardServicesSendCardData: Rule = {
  id: 'SEC-002',
  title: 'Only card services send card data out',
  severity: 'error',
  rationale:
    'A service that can send card data to a third party handles card data and is in scope (PCI DSS 1.3.2, 3.2.1).',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  fix: "make the call from a service with pciScope 'cardholder-data'",
  check: (environment) => {
    const calls = callsByCaller(environment);
    const cardExternals = new Set(
      environment.externals.filter(({ cardholderData }) => cardholderData).map(({ name }) => name),
    );
    return environment.services
      .filter(({ pciScope }) => pciScope !== 'cardholder-data')
      .flatMap(({ name, pciScope }) =>
        (calls.get(name) ?? [])
          .filter(({ target }) => target.kind === 'external' && cardExternals.has(target.name))
          .map(({ target, path }) => ({
            kind: 'service' as const,
            name,
            path,
            message: `'${target.name}' receives card data, but pciScope of '${name}' is '${pciScope}'`,
          })),
      );
  },
};
