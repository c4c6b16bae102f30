import { jwksHost } from '../../egress-scope';
import type { Environment } from '../../environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../../naming';
import type { Rule, RuleViolation } from '../rule';

/** Domains whose names resolve only inside the cluster or the network. */
const INSIDE = ['local', 'internal', 'localhost', 'svc'] as const;

export const hostsHaveOneMeaning: Rule = {
  id: 'PLT-011',
  title: 'Each host has one meaning',
  severity: 'error',
  rationale:
    'The mesh has one registry of hosts: of two entries for one host a proxy uses the older one, so the other is without TLS policy or route.',
  source: 'https://istio.io/latest/docs/reference/config/networking/service-entry/',
  fix: 'use one entry for each host',
  check: (environment, all) => [...externalViolations(environment, all), ...insideViolations(environment)],
};

function externalViolations(environment: Environment, all: readonly Environment[]): RuleViolation[] {
  const { externals } = environment;
  return externals.flatMap(({ name, host }, index): RuleViolation[] => {
    const found = (message: string, fix: string): RuleViolation[] => [
      { kind: 'external', name, path: ['host'], message, fix },
    ];
    const same = externals.slice(0, index).find((other) => other.host === host);
    if (same !== undefined)
      return found(
        `'${host}' is also the host of '${same.name}'`,
        `call '${same.name}', and delete this file`,
      );
    if (host === jwksHost(environment))
      return found(
        `'${host}' is also the host of jwt.jwksUri in environment '${environment.name}'`,
        'use another host of the issuer, because the proxies fetch the keys directly and not through the egress gateway',
      );
    const owner = all.find(({ domainNames }) => Object.values(domainNames).includes(host));
    if (owner !== undefined)
      return found(
        `'${host}' is a public name of environment '${owner.name}'`,
        'call the service by its name in services/',
      );
    return isInside(host) || shortNames(environment).has(host)
      ? found(`'${host}' is a name inside the network`, 'use the public host name of the third party')
      : [];
  });
}

/** Names that the public, the certificate authority and the proxies must resolve. */
function insideViolations(environment: Environment): RuleViolation[] {
  const { name, domainNames } = environment;
  const hosts = [
    { path: ['domainNames', 'web'], host: domainNames.web },
    { path: ['domainNames', 'api'], host: domainNames.api },
    { path: ['jwt', 'jwksUri'], host: jwksHost(environment) },
  ];
  return hosts
    .filter(({ host }) => isInside(host))
    .map(({ path, host }) => ({
      kind: 'environment' as const,
      name,
      path,
      message: `'${host}' is a name inside the network`,
      fix: 'use a public host name',
    }));
}

/** `stock.sales`, by which the proxies of the mesh and its DNS also know a Service. */
function shortNames({ services }: Environment): ReadonlySet<string> {
  return new Set([
    ...[INGRESS_GATEWAY, EGRESS_GATEWAY].map(({ name, namespace }) => `${name}.${namespace}`),
    ...services.flatMap(({ name, namespace, versions }) =>
      [name, ...versions.map(({ workload }) => workload)].map((known) => `${known}.${namespace}`),
    ),
  ]);
}

function isInside(host: string): boolean {
  return INSIDE.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
