/** Services whose file has a new name, while everything that runs keeps the old one. */
import type { Environment } from '../environment';
import { serviceHost, workloadName } from '../naming';
import { resourceNameOf, type ServiceSpec } from '../schema/service-schema';
import type { Service, Version } from '../service';
import type { ServiceViolation } from './graph-checks';

/** A former name must be nobody's name now, and no two services may own the same objects. */
export function checkFormerNames(specs: readonly ServiceSpec[]): ServiceViolation[] {
  const names = new Set(specs.map(({ name }) => name));
  const owners = new Map<string, string>();
  // Whoever says nothing of names is not to blame for what another file says.
  const outspoken = (spec: ServiceSpec) => Number(resourceNameOf(spec) !== spec.name);
  const ordered = [...specs].sort((one, other) => outspoken(one) - outspoken(other));
  return ordered.flatMap((spec): ServiceViolation[] => {
    const { name, renamedFrom } = spec;
    const findings: ServiceViolation[] = [];
    if (renamedFrom !== undefined && names.has(renamedFrom)) {
      const rule =
        renamedFrom === name
          ? `'${renamedFrom}' is the name that it has now`
          : `'${renamedFrom}' is still a service`;
      const fix = renamedFrom === name ? 'remove it' : `delete services/${renamedFrom}.yaml, or remove this`;
      findings.push({ service: name, finding: { path: ['renamedFrom'], rule, fix } });
    }
    const resourceName = resourceNameOf(spec);
    const owner = owners.get(resourceName);
    owners.set(resourceName, owner ?? name);
    if (owner !== undefined) {
      const [key] = (['resourceName', 'renamedFrom', 'name'] as const).filter(
        (field) => spec[field] !== undefined,
      );
      const rule = `the objects of '${owner}' are named '${resourceName}' as well`;
      findings.push({
        service: name,
        finding: { path: [key ?? 'name'], rule, fix: 'give each service a resourceName of its own' },
      });
    }
    return findings;
  });
}

/** @param names in the cluster, by name of the file */
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
