/** Renamed services: the catalogue has the new name, the objects in the cluster keep the old one. */
import type { Environment } from '../environment';
import { serviceHost, workloadName } from '../naming';
import { RESERVED_SERVICES, reservedFor } from '../reserved-names';
import { resourceNameOf, type ServiceSpec } from '../schema/service-schema';
import type { Service, Version } from '../service';
import type { ServiceViolation } from './graph-checks';

/** A former name must not be in use, and resource names must be unique. */
export function checkFormerNames(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const names = new Set(specs.map(({ name }) => name));
  const owners = new Map<string, string>();
  // Services without an explicit resource name come first, so that a conflict is reported at the explicit one.
  const isExplicit = (spec: ServiceSpec) => Number(resourceNameOf(spec) !== spec.name);
  const ordered = [...specs].sort((one, other) => isExplicit(one) - isExplicit(other));
  return ordered.flatMap((spec): ServiceViolation[] => {
    const { name, renamedFrom } = spec;
    const findings: ServiceViolation[] = [];
    if (renamedFrom !== undefined && names.has(renamedFrom)) {
      const rule =
        renamedFrom === name ? `'${renamedFrom}' is the current name` : `'${renamedFrom}' is still a service`;
      const fix =
        renamedFrom === name ? 'remove it' : `delete services/${renamedFrom}.yaml, or remove renamedFrom`;
      findings.push({ service: name, finding: { path: ['renamedFrom'], rule, fix } });
    }
    const resourceName = resourceNameOf(spec);
    const reserved = resourceName === name ? undefined : reservedFor(resourceName, RESERVED_SERVICES);
    if (reserved !== undefined)
      findings.push({
        service: name,
        finding: {
          path: [spec.resourceName === undefined ? 'renamedFrom' : 'resourceName'],
          rule: `'${resourceName}' is reserved for ${reserved}`,
          fix: 'use another resourceName',
        },
      });
    const owner = owners.get(resourceName);
    owners.set(resourceName, owner ?? name);
    if (owner !== undefined) {
      const [key] = (['resourceName', 'renamedFrom', 'name'] as const).filter(
        (field) => spec[field] !== undefined,
      );
      const rule = `'${owner}' also has resource name '${resourceName}'`;
      findings.push({
        service: name,
        finding: { path: [key ?? 'name'], rule, fix: 'use a unique resourceName' },
      });
    }
    return findings;
  });
}

/** @param names resource name, by catalogue name */
export function withResourceNames(environment: Environment, names: ReadonlyMap<string, string>): Environment {
  const nameOf = (file: string) => names.get(file) ?? file;
  const services = environment.services.map((service) => withResourceName(service, nameOf));
  const journeys = environment.journeys.map((journey) => ({
    ...journey,
    entries: journey.entries.map(nameOf),
  }));
  return {
    ...environment,
    journeys,
    services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function withResourceName(service: Service, nameOf: (file: string) => string): Service {
  const name = nameOf(service.catalogueName);
  const { namespace, versions } = service;
  const [stable, ...others] = versions;
  const renamed = (version: Version): Version => {
    const workload = workloadName(name, version.name);
    return {
      ...version,
      workload,
      host: serviceHost(workload, namespace),
      calls: version.calls.map((call) => ({ ...call, service: nameOf(call.service) })),
    };
  };
  return {
    ...service,
    name,
    host: serviceHost(name, namespace),
    versions: [renamed(stable), ...others.map(renamed)],
  };
}
