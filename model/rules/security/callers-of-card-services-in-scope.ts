import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

export const callersOfCardServicesInScope: Rule = {
  id: 'SEC-001',
  title: 'Callers of card services are in scope',
  severity: 'error',
  rationale: 'A system that can connect to card data is in scope of the assessment (PCI DSS 1.2.4, 12.5.2).',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  fix: "set pciScope of the caller to 'connected', or remove the call",
  check: (environment) => {
    const calls = callsByCaller(environment);
    const scopes = new Map(environment.services.map(({ name, pciScope }) => [name, pciScope]));
    return environment.services
      .filter(({ pciScope }) => pciScope === 'out-of-scope')
      .flatMap(({ name }) =>
        (calls.get(name) ?? [])
          .filter(({ target }) => target.kind === 'service' && scopes.get(target.name) === 'cardholder-data')
          .map(({ target, path }) => ({
            kind: 'service' as const,
            name,
            path,
            message: `'${name}' is out of scope, but calls '${target.name}', which handles card data`,
          })),
      );
  },
};
