import type { ExternalSpec } from './schema/external-schema';
import type { HttpMethod, IngressRouteSpec, ServiceSpec } from './schema/service-schema';

/** What a caller may ask of a callee. */
export interface Access {
  readonly methods: readonly HttpMethod[];
  readonly paths: readonly string[];
}

/** A call as it stands in the caller's file. */
export interface Call extends Access {
  /** 0-based place in the list of calls. */
  readonly position: number;
  /** Whether the caller answers without it. */
  readonly optional: boolean;
}

/** A call inside the mesh, by name of the callee. */
export interface ServiceCall extends Call {
  readonly service: string;
  /** Whether the dashboard shows the edge by itself. */
  readonly watched: boolean;
}

/** A call to a third party, by name. */
export interface ExternalCall extends Call {
  readonly external: string;
}

export type IngressRoute = Readonly<IngressRouteSpec>;

/** One deployable version of a service: its own pods, identity and host. */
export interface Version {
  /** `v1`, `v2`: never "canary", so that a promotion renames nothing. */
  readonly name: string;
  /** Name of Deployment, Service and service account: `checkout-v2`. */
  readonly workload: string;
  /** Fully qualified name of the version's own Service. */
  readonly host: string;
  readonly image: string;
  /** Share of the service's requests, as committed in the release. */
  readonly weightPercent: number;
  readonly calls: readonly ServiceCall[];
  readonly externalCalls: readonly ExternalCall[];
}

/** A service as it is in one environment: overrides applied, defaults filled in, references known to exist. */
export interface Service extends Readonly<
  Omit<ServiceSpec, '$schema' | 'calls' | 'canary' | 'resourceName'>
> {
  /** Name in the cluster and at Google. It outlives a new name of the file. */
  readonly name: string;
  /** Name of the file; Terraform's addresses begin with it. */
  readonly catalogueName: string;
  readonly namespace: string;
  /** Fully qualified name that callers use; its traffic is split over the versions. */
  readonly host: string;
  /** The stable version first, then the canary if one runs. Weights add up to 100. */
  readonly versions: readonly [Version, ...Version[]];
  /** From the service's file, whether or not a canary runs. */
  readonly canaryPolicy: CanaryPolicy | undefined;
  /** From the release file. */
  readonly canaryRelease: CanaryRelease;
}

/** Limits of a canary, from the service's file. */
export type CanaryPolicy = Readonly<Omit<NonNullable<ServiceSpec['canary']>, 'calls'>>;

/** Times of the canary that runs, in seconds since 1970; 0 where the release file has none. */
export interface CanaryRelease {
  /** Older incidents belong to another release. */
  readonly startedAtSeconds: number;
  /** When the current weight was committed. */
  readonly stepSinceSeconds: number;
}

/** A third party with its TLS names settled. */
export interface External extends Readonly<Omit<ExternalSpec, '$schema' | 'tls'>> {
  readonly sni: string;
  readonly subjectAltNames: readonly string[];
}
