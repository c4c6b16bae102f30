/** What can only be seen when all services are looked at together. */
import { resourceNameOf, type ServiceSpec } from '../schema/service-schema';
import { STABLE_VERSION, workloadName } from '../naming';
import { unknownName, type SpecViolation } from './parse';
import { routesOverlap } from './service-checks';

/** Findings by name of the service whose file they stand in. */
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
 * Names are checked against every file that exists, also those with faults of their own: a misspelt key in
 * cart.yaml does not make `cart` unknown.
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

/** A cycle has no timeout that fits and no order to release in. Each is told once, at the call that closes it. */
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

/** Two services at one public path. Hosts and methods aside, which one answers would be chance. */
export function checkIngress(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const routes = specs.flatMap((spec) => spec.ingress.map((route, index) => ({ spec, route, index })));
  return routes.flatMap(({ spec, route, index }, position) =>
    routes.slice(0, position).flatMap((other): ServiceViolation[] => {
      if (other.spec === spec || !routesOverlap(route, other.route)) return [];
      const rule = `[${route.paths.join(', ')}] overlaps with '${other.spec.name}' on host '${route.host}'`;
      return [
        {
          service: spec.name,
          finding: { path: ['ingress', index, 'paths'], rule, fix: 'give each service paths of its own' },
        },
      ];
    }),
  );
}

/** `checkout-v2` the service and version v2 of `checkout` would be the same Deployment. */
export function checkWorkloadNames(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const owners = new Map<string, string>();
  for (const spec of specs) {
    for (const version of [STABLE_VERSION, ...(spec.canary ? [spec.canary.version] : [])])
      owners.set(workloadName(resourceNameOf(spec), version), spec.name);
  }
  return specs.flatMap((spec): ServiceViolation[] => {
    const owner = owners.get(resourceNameOf(spec));
    if (owner === undefined) return [];
    const rule = `'${spec.name}' is also the name of a version of '${owner}'`;
    return [
      {
        service: spec.name,
        finding: { path: ['name'], rule, fix: 'choose a name that does not end in a version' },
      },
    ];
  });
}
