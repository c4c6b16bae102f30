import type { Rule } from '../rule';

export const oneProjectPerEnvironment: Rule = {
  id: 'PLT-002',
  title: 'One Google project per environment',
  severity: 'error',
  rationale:
    'The mesh feature is a singleton of the project, so two environments in one project would overwrite its settings.',
  source: 'https://cloud.google.com/service-mesh/docs/fleets-overview',
  fix: 'use a separate project',
  check: ({ name, project }, all) =>
    (['id', 'number'] as const).flatMap((key) => {
      const other = all
        .slice(
          0,
          all.findIndex((environment) => environment.name === name),
        )
        .find((environment) => environment.project[key] === project[key]);
      if (other === undefined) return [];
      return [
        {
          kind: 'environment' as const,
          name,
          path: ['project', key],
          message: `'${project[key]}' is also the project of environment '${other.name}'`,
        },
      ];
    }),
};
