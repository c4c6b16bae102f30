import type { EnvironmentSpec } from './schema/environment-schema';
import type { JourneySpec, MeshSpec } from './schema/mesh-schema';
import type { WaiverSpec } from './schema/waiver-schema';
import type { External, Service } from './service';
import type { Violation } from './source/violation';

/** A business domain: one namespace and the groups with access to it. */
export interface Domain {
  readonly name: string;
  readonly namespace: string;
  readonly description: string;
  /** Google group. */
  readonly operators: string;
  /** Google group. */
  readonly viewers: string;
}

/** A user journey through one or more services, with SLOs of its own. */
export interface Journey extends Readonly<JourneySpec> {
  readonly name: string;
}

/** Input of the stacks of one environment, validated and frozen. */
export interface Environment extends Readonly<Omit<EnvironmentSpec, '$schema' | 'services'>> {
  readonly mesh: Readonly<Omit<MeshSpec, '$schema' | 'domains' | 'journeys'>>;
  /** Sorted by name. */
  readonly domains: readonly Domain[];
  /** Sorted by name. */
  readonly services: readonly Service[];
  /** Sorted by name. Only third parties that a service calls. */
  readonly externals: readonly External[];
  /** Sorted by name. Without entries that do not run here, and without journeys that then have no entry. */
  readonly journeys: readonly Journey[];
  /** Names of catalogue services that do not run here yet, sorted. */
  readonly unreleased: readonly string[];
  /** Ids of incidents whose weight caps no longer apply. */
  readonly acknowledgedIncidents: readonly string[];
}

/** A waiver that is in force. */
export interface Waiver extends WaiverSpec {
  readonly file: string;
}

export interface Catalogue {
  /** Sorted by name. */
  readonly environments: readonly Environment[];
  /** Violations of rules with severity `warning`. */
  readonly warnings: readonly Violation[];
  /** Accepted violations of rules, each with an owner and an expiry date. */
  readonly waivers: readonly Waiver[];
}
