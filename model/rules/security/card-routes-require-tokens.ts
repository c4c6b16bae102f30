import type { Rule } from '../rule';

export const cardRoutesRequireTokens: Rule = {
  id: 'SEC-003',
  title: 'Ingress routes of card services require tokens',
  severity: 'error',
  rationale:
    'An ingress route without a token exposes a service that handles card data to anyone on the internet.',
  source: 'https://istio.io/latest/docs/tasks/security/authorization/authz-jwt/',
  fix: "set jwt: 'required' on the route",
  check: ({ services }) =>
    services
      .filter(({ pciScope }) => pciScope === 'cardholder-data')
      .flatMap(({ name, ingress }) =>
        ingress.flatMap(({ jwt, webhook, paths }, index) =>
          // Callers of webhooks sign their calls, and come from known addresses.
          jwt === 'required' || webhook !== undefined
            ? []
            : [
                {
                  kind: 'service' as const,
                  name,
                  path: ['ingress', index, 'jwt'],
                  message: `[${paths.join(', ')}] of '${name}', which handles card data, requires no token`,
                },
              ],
        ),
      ),
};
