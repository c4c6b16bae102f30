import type { Rule } from '../rule';

export const cardServicesWantTokens: Rule = {
  id: 'SEC-003',
  title: 'Card services answer known users only',
  severity: 'error',
  rationale:
    'A public route without a token lets anybody on the internet speak to a service that handles card data.',
  source: 'https://istio.io/latest/docs/tasks/security/authorization/authz-jwt/',
  fix: "set jwt: 'required' on the route",
  check: ({ services }) =>
    services
      .filter(({ pciScope }) => pciScope === 'cardholder-data')
      .flatMap(({ name, ingress }) =>
        ingress.flatMap(({ jwt, paths }, index) =>
          jwt === 'required'
            ? []
            : [
                {
                  kind: 'service' as const,
                  name,
                  path: ['ingress', index, 'jwt'],
                  message: `[${paths.join(', ')}] of '${name}', which handles card data, needs no token`,
                },
              ],
        ),
      ),
};
