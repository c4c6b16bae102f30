/** Resolves parsed files into an environment: references, versions with weights, images. */
import { resolveCircuitBreaker } from '../circuit-breaker';
import type { Domain, Environment, Journey } from '../environment';
import { serviceHost, STABLE_VERSION, workloadName } from '../naming';
import { imageParts } from '../release/image';
import type { EnvironmentSpec } from '../schema/environment-schema';
import type { ExternalSpec } from '../schema/external-schema';
import type { MeshSpec } from '../schema/mesh-schema';
import type { ReleaseSpec } from '../schema/release-schema';
import { callsIn, type ServiceSpec } from '../schema/service-schema';
import type { CanaryPolicy, External, Service, Version } from '../service';

export interface EnvironmentParts {
  readonly mesh: MeshSpec;
  readonly environment: EnvironmentSpec;
  readonly release: ReleaseSpec;
  /** With the environment's overrides. */
  readonly services: readonly ServiceSpec[];
  readonly externals: readonly ExternalSpec[];
}

/** A service runs if it has a release, or if the environment has a sample image. */
export function isReleased(service: string, release: ReleaseSpec, sampleImage: string | undefined): boolean {
  return sampleImage !== undefined || release.services[service] !== undefined;
}

export function resolveEnvironment(parts: EnvironmentParts): Environment {
  const { mesh, environment, release, externals } = parts;
  const { domains, journeys, $schema: _mesh, ...meshFacts } = mesh;
  const { $schema: _environment, services: _overrides, ...facts } = environment;
  const { images } = facts;
  const services = parts.services.filter(({ name }) => isReleased(name, release, images.sample));
  const called = new Set(
    services.flatMap((service) =>
      callsIn(service, environment.name).flatMap((call) => ('external' in call ? call.external : [])),
    ),
  );
  return {
    ...facts,
    mesh: meshFacts,
    domains: byName(
      Object.entries(domains).map(([name, domain]): Domain => ({ name, namespace: name, ...domain })),
    ),
    services: byName(
      services.map((service) => resolveService(service, environment.name, release, images.sample)),
    ),
    externals: byName(externals.filter(({ name }) => called.has(name)).map(resolveExternal)),
    journeys: byName(journeysThrough(services, journeys)),
    unreleased: parts.services
      .filter((service) => !services.includes(service))
      .map(({ name }) => name)
      .sort(),
    acknowledgedIncidents: release.acknowledgedIncidents,
  };
}

/** What a version has of its own; the rest is the service's. */
type VersionSpec = Partial<Pick<NonNullable<ServiceSpec['canary']>, 'args' | 'calls' | 'env' | 'files'>>;

function resolveService(
  spec: ServiceSpec,
  environment: string,
  release: ReleaseSpec,
  sampleImage: string | undefined,
): Service {
  const { $schema: _schema, calls: _calls, canary, resourceName: _resourceName, ...facts } = spec;
  const calls = callsIn(spec, environment);
  const namespace = spec.domain;
  const entry = release.services[spec.name];

  const version = (name: string, weightPercent: number, special: VersionSpec): Version => {
    const allowed = special.calls;
    const permitted = calls.filter(
      (call) => allowed?.includes('service' in call ? call.service : call.external) ?? true,
    );
    const workload = workloadName(spec.name, name);
    const image = entry?.images[name] ?? sampleImage ?? '';
    const hotfix = entry?.hotfix;
    return {
      name,
      workload,
      host: serviceHost(workload, namespace),
      image,
      hotfix:
        hotfix !== undefined && hotfix.digest === imageParts(image).digest
          ? `${hotfix.ticket}: ${hotfix.reason}`
          : undefined,
      weightPercent,
      env: { ...facts.env, ...special.env },
      files: { ...facts.files, ...special.files },
      args: special.args ?? facts.args,
      calls: permitted.filter((call) => 'service' in call),
      externalCalls: permitted.filter((call) => 'external' in call),
    };
  };

  const canaryPercent = entry?.canary?.weightPercent ?? 0;
  const stable = version(STABLE_VERSION, 100 - canaryPercent, {});
  return {
    ...facts,
    circuitBreaker: resolveCircuitBreaker(spec),
    catalogueName: spec.name,
    namespace,
    host: serviceHost(spec.name, namespace),
    versions: entry?.canary ? [stable, version(entry.canary.version, canaryPercent, canary ?? {})] : [stable],
    canaryPolicy: canary && policyOf(canary),
    canaryRelease: {
      startedAtSeconds: seconds(entry?.canary?.startedAt),
      stepSinceSeconds: seconds(entry?.canary?.stepSince),
    },
  };
}

function journeysThrough(running: readonly ServiceSpec[], journeys: MeshSpec['journeys']): Journey[] {
  return Object.entries(journeys).flatMap(([name, journey]) => {
    const entries = journey.entries.filter((entry) => running.some((service) => service.name === entry));
    return entries.length === 0 ? [] : [{ ...journey, name, entries }];
  });
}

function policyOf({ calls: _calls, ...policy }: NonNullable<ServiceSpec['canary']>): CanaryPolicy {
  return policy;
}

function seconds(instant: string | undefined): number {
  return instant === undefined ? 0 : Date.parse(instant) / 1_000;
}

function resolveExternal({ $schema: _schema, tls, ...facts }: ExternalSpec): External {
  return { ...facts, sni: tls.sni ?? facts.host, subjectAltNames: tls.subjectAltNames ?? [facts.host] };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}
