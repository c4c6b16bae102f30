import type { EnvironmentSpec } from './schema/environment-schema';
import type { MeshSpec } from './schema/mesh-schema';
import type { External, Service } from './service';

/** A business domain: one namespace, and the people with access to it. */
export interface Domain {
  readonly name: string;
  readonly namespace: string;
  readonly description: string;
  /** Google group. */
  readonly operators: string;
  /** Google group. */
  readonly viewers: string;
}

/** Everything that the stacks of one environment need, validated and frozen. */
export interface Environment extends Readonly<Omit<EnvironmentSpec, '$schema' | 'services'>> {
  readonly mesh: Readonly<Omit<MeshSpec, '$schema' | 'domains'>>;
  /** Sorted by name. */
  readonly domains: readonly Domain[];
  /** Sorted by name. */
  readonly services: readonly Service[];
  /** Sorted by name; only those that a service calls. */
  readonly externals: readonly External[];
  /** Services of the catalogue that do not run here yet, sorted. */
  readonly unreleased: readonly string[];
  /** Incidents whose ceilings no longer hold. */
  readonly acknowledgedIncidents: readonly string[];
}

/** Every environment of the catalogue, sorted by name. */
export interface Catalogue {
  readonly environments: readonly Environment[];
}
