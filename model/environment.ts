import type { EnvironmentSpec } from './schema/environment-schema';
import type { JourneySpec, MeshSpec } from './schema/mesh-schema';
import type { WaiverSpec } from './schema/waiver-schema';
import type { External, Service } from './service';
import type { Violation } from './source/violation';

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

/** What the public comes for, through one or more services. */
export interface Journey extends Readonly<JourneySpec> {
  readonly name: string;
}

/** Everything that the stacks of one environment need, validated and frozen. */
export interface Environment extends Readonly<Omit<EnvironmentSpec, '$schema' | 'services'>> {
  readonly mesh: Readonly<Omit<MeshSpec, '$schema' | 'domains' | 'journeys'>>;
  /** Sorted by name. */
  readonly domains: readonly Domain[];
  /** Sorted by name. */
  readonly services: readonly Service[];
  /** Sorted by name; only those that a service calls. */
  readonly externals: readonly External[];
  /** Sorted by name; an entry that does not run here is left out, and a journey without entries. */
  readonly journeys: readonly Journey[];
  /** Services of the catalogue that do not run here yet, sorted. */
  readonly unreleased: readonly string[];
  /** Incidents whose ceilings no longer hold. */
  readonly acknowledgedIncidents: readonly string[];
}

/** A waiver that is in force. */
export interface Waiver extends WaiverSpec {
  readonly file: string;
}

export interface Catalogue {
  /** Sorted by name. */
  readonly environments: readonly Environment[];
  /** What an expert would advise against, and does not forbid. */
  readonly warnings: readonly Violation[];
  /** Rules that are knowingly broken, by whose word and until when. */
  readonly waivers: readonly Waiver[];
}
