import {
  RESERVED_DOMAINS,
  RESERVED_EXTERNALS,
  RESERVED_KEY_RINGS,
  RESERVED_MESH_NAMES,
  RESERVED_SECRETS,
  RESERVED_SERVICES,
  reservedFor,
} from '../../reserved-names';
import type { Environment } from '../../environment';
import type { Rule, RuleViolation } from '../rule';

interface Name extends Pick<RuleViolation, 'kind' | 'path'> {
  /** File. */
  readonly file: string;
  readonly value: string;
  readonly reserved: Parameters<typeof reservedFor>[1];
}

export const namesAreFree: Rule = {
  id: 'PLT-010',
  title: 'Names are not reserved',
  severity: 'error',
  rationale:
    'Two owners of one name overwrite the objects of each other: a domain called kube-system would deny all requests of the cluster.',
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  fix: 'use another name',
  check: (environment) =>
    namesOf(environment).flatMap(({ file, value, reserved, ...place }): RuleViolation[] => {
      const owner = reservedFor(value, reserved);
      if (owner === undefined) return [];
      return [{ ...place, name: file, message: `'${value}' is reserved for ${owner}` }];
    }),
};

function namesOf({ name, mesh, domains, services, externals, keys }: Environment): Name[] {
  const inMesh = { kind: 'mesh' as const, file: 'mesh' };
  return [
    { ...inMesh, path: ['name'], value: mesh.name, reserved: RESERVED_MESH_NAMES },
    ...domains.map((domain) => ({
      ...inMesh,
      path: ['domains', domain.name],
      value: domain.name,
      reserved: RESERVED_DOMAINS,
    })),
    ...Object.keys(mesh.secrets).map((secret) => ({
      ...inMesh,
      path: ['secrets', secret],
      value: secret,
      reserved: RESERVED_SECRETS,
    })),
    ...services.map((service) => ({
      kind: 'service' as const,
      file: service.name,
      path: ['name'],
      value: service.name,
      reserved: RESERVED_SERVICES,
    })),
    ...externals.map((external) => ({
      kind: 'external' as const,
      file: external.name,
      path: ['name'],
      value: external.name,
      reserved: RESERVED_EXTERNALS,
    })),
    {
      kind: 'environment',
      file: name,
      path: ['keys', 'ring'],
      value: keys.ring,
      reserved: RESERVED_KEY_RINGS,
    },
  ];
}
