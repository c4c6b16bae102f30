import type { Rule } from '../rule';

export const tokenRequirementsNeedAToken: Rule = {
  id: 'SEC-015',
  title: 'Required claims need a required token',
  severity: 'error',
  rationale:
    'Without a required token nothing vouches for its claims, and the requirement reads as protection.',
  source: 'https://istio.io/latest/docs/tasks/security/authorization/authz-jwt/',
  fix: "set jwt: 'required' on the route, or remove requires",
  check: ({ services }) =>
    services.flatMap(({ name, ingress }) =>
      ingress.flatMap(({ jwt, requires, paths }, index) =>
        requires === undefined || jwt === 'required'
          ? []
          : [
              {
                kind: 'service' as const,
                name,
                path: ['ingress', index, 'jwt'],
                message: `[${paths.join(', ')}] requires claims, but no token`,
              },
            ],
      ),
    ),
};
