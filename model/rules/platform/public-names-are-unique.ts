import type { Environment } from '../../environment';
import type { Path } from '../../source/yaml-document';
import type { Rule, RuleViolation } from '../rule';

export const publicNamesAreUnique: Rule = {
  id: 'PLT-012',
  title: 'Environments have public names of their own',
  severity: 'error',
  rationale:
    'A name resolves to one load balancer, so the other environment gets no requests and no certificate.',
  source: 'https://cloud.google.com/certificate-manager/docs/dns-authorizations',
  fix: 'use another name',
  check: (environment, all) => {
    const others = all.slice(
      0,
      all.findIndex(({ name }) => name === environment.name),
    );
    return publicNamesOf(environment).flatMap(({ path, value, kind }): RuleViolation[] => {
      const other = others.find((it) =>
        publicNamesOf(it).some((name) => name.kind === kind && name.value === value),
      );
      if (other === undefined) return [];
      const message = `'${value}' is also a public ${kind} of environment '${other.name}'`;
      return [{ kind: 'environment', name: environment.name, path, message }];
    });
  },
};

interface PublicName {
  readonly path: Path;
  readonly value: string;
  readonly kind: 'name' | 'zone';
}

function publicNamesOf({ domainNames, dns }: Environment): PublicName[] {
  return [
    { path: ['domainNames', 'web'], value: domainNames.web, kind: 'name' },
    { path: ['domainNames', 'api'], value: domainNames.api, kind: 'name' },
    ...(dns.publicZone === undefined
      ? []
      : [{ path: ['dns', 'publicZone'], value: dns.publicZone, kind: 'zone' as const }]),
  ];
}
