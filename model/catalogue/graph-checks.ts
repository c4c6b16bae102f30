/** Checks across all services. */
import { resourceNameOf, type ServiceSpec } from '../schema/service-schema';
import { STABLE_VERSION, streamServiceName, workloadName } from '../naming';
import { unknownName, type SpecViolation } from './parse';
import { routesConflict } from './service-checks';

/** A violation in a service's file. */
export interface ServiceViolation {
  readonly service: string;
  readonly finding: SpecViolation;
}

export interface KnownNames {
  readonly services: readonly string[];
  readonly externals: readonly string[];
  readonly domains: readonly string[];
  readonly secrets: readonly string[];
}

/**
 * Names are checked against all existing files, including invalid ones: a misspelt key in cart.yaml does not make
 * `cart` unknown.
 */
export function checkReferences(specs: readonly ServiceSpec[], known: KnownNames): ServiceViolation[] {
  return specs.flatMap((spec) => {
    const findings = spec.calls.flatMap((call, index): SpecViolation[] => {
      if ('service' in call) {
        return known.services.includes(call.service)
          ? []
          : [unknownName(['calls', index, 'service'], call.service, 'service', known.services)];
      }
      return known.externals.includes(call.external)
        ? []
        : [unknownName(['calls', index, 'external'], call.external, 'third party', known.externals)];
    });
    if (!known.domains.includes(spec.domain))
      findings.push(unknownName(['domain'], spec.domain, 'domain of mesh.yaml', known.domains));
    for (const [index, secret] of spec.secrets.entries()) {
      if (!known.secrets.includes(secret))
        findings.push(unknownName(['secrets', index], secret, 'secret of mesh.yaml', known.secrets));
    }
    return findings.map((finding) => ({ service: spec.name, finding }));
  });
}

/** A cycle allows neither consistent timeouts nor a release order. Reported once, at the call that closes it. */
export function checkCycles(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const findings: ServiceViolation[] = [];
  const done = new Set<string>();

  const follow = (spec: ServiceSpec, trail: readonly string[]): void => {
    if (done.has(spec.name)) return;
    for (const [index, call] of spec.calls.entries()) {
      if (!('service' in call)) continue;
      const start = trail.indexOf(call.service);
      if (start >= 0) {
        const cycle = [...trail.slice(start), call.service].join(' → ');
        const finding =
          call.service === spec.name
            ? { rule: `'${spec.name}' calls itself`, fix: 'remove the call' }
            : { rule: `closes the cycle ${cycle}`, fix: 'remove one of these calls' };
        findings.push({ service: spec.name, finding: { path: ['calls', index, 'service'], ...finding } });
        continue;
      }
      const callee = byName.get(call.service);
      if (callee !== undefined) follow(callee, [...trail, callee.name]);
    }
    done.add(spec.name);
  };
  for (const spec of specs) follow(spec, [spec.name]);
  return findings;
}

/** Of overlapping ingress paths the more specific one gets the request; equal ones are ambiguous. */
export function checkIngress(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const routes = specs.flatMap((spec) => spec.ingress.map((route, index) => ({ spec, route, index })));
  return routes.flatMap(({ spec, route, index }, position) =>
    routes.slice(0, position).flatMap((other): ServiceViolation[] => {
      const own = other.spec === spec;
      // SEC-004 has a route without a token beside one with it.
      if ((own && other.route.jwt !== route.jwt) || !routesConflict(route, other.route)) return [];
      const owner = own ? `ingress[${other.index}]` : `'${other.spec.name}'`;
      const rule = `[${route.paths.join(', ')}] has a path and a method in common with ${owner} on host '${route.host}'`;
      return [
        {
          service: spec.name,
          finding: {
            path: ['ingress', index, 'paths'],
            rule,
            fix: `use distinct paths or methods for each ${own ? 'route' : 'service'}; of overlapping paths the longer one wins`,
          },
        },
      ];
    }),
  );
}

/** A service `checkout-v2` would have the same Deployment name as version v2 of `checkout`. */
export function checkDerivedNames(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const owners = new Map<string, string>();
  for (const spec of specs) {
    const name = resourceNameOf(spec);
    for (const version of [STABLE_VERSION, ...(spec.canary ? [spec.canary.version] : [])])
      owners.set(workloadName(name, version), `a version of '${spec.name}'`);
    if (spec.streams.length > 0) owners.set(streamServiceName(name), `the streams of '${spec.name}'`);
  }
  return specs.flatMap((spec): ServiceViolation[] => {
    const owner = owners.get(resourceNameOf(spec));
    if (owner === undefined) return [];
    const rule = `'${spec.name}' is also the name of ${owner}`;
    return [{ service: spec.name, finding: { path: ['name'], rule, fix: 'use another name' } }];
  });
}

/** The Terraform id of a domain's namespace is `<domain>-domain`, next to the ids of services. */
export function checkDomainNames(
  specs: readonly ServiceSpec[],
  domains: readonly string[],
): ServiceViolation[] {
  return specs
    .filter(({ name }) => domains.some((domain) => name === `${domain}-domain`))
    .map(({ name }) => ({
      service: name,
      finding: {
        path: ['name'],
        rule: `'${name}' is also the Terraform id of a domain`,
        fix: 'use another name',
      },
    }));
}
