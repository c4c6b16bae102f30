import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

export const scopeIsDeclared: Rule = {
  id: 'SEC-001',
  title: 'Who calls card services is in scope',
  severity: 'error',
  rationale:
    'A system that can reach one with card data is in the assessment (PCI DSS 1.2.4, 12.5.2); one declared out of scope hides it from the assessor.',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  fix: "declare the caller pciScope 'connected', or remove the call",
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
            message: `'${name}' is out of scope and calls '${target.name}', which handles card data`,
          })),
      );
  },
};
