import type { CircuitBreaker } from './circuit-breaker';
import type { ExternalSpec } from './schema/external-schema';
import type { HttpMethod, IngressRouteSpec, ServiceSpec } from './schema/service-schema';

/** Requests that a caller may send to a callee. */
export interface Access {
  readonly methods: readonly HttpMethod[];
  readonly paths: readonly string[];
}

/** A call from the caller's file. */
export interface Call extends Access {
  /** 0-based index in `calls`. */
  readonly position: number;
  /** Whether the caller's response succeeds when this call fails. */
  readonly optional: boolean;
}

/** A call inside the mesh, by name of the callee. */
export interface ServiceCall extends Call {
  readonly service: string;
  /** Whether the edge has SLOs, alerts and a dashboard section of its own. */
  readonly watched: boolean;
}

/** A call to a third party, by name. */
export interface ExternalCall extends Call {
  readonly external: string;
}

export type IngressRoute = Readonly<IngressRouteSpec>;

/** Requests that stay open. */
export type Stream = Readonly<ServiceSpec['streams'][number]>;

/** One deployable version of a service, with pods, identity and host of its own. */
export interface Version {
  /** `v1`, `v2`. Not "canary": a promotion must not rename anything. */
  readonly name: string;
  /** Name of the version's Deployment, Service and service account: `checkout-v2`. */
  readonly workload: string;
  /** Fully qualified host of the version's Service. */
  readonly host: string;
  readonly image: string;
  /** Why the image runs here without promotion: ticket and reason. */
  readonly hotfix: string | undefined;
  /** Share of the service's requests, as committed in the release. */
  readonly weightPercent: number;
  /** The service's variables, with those of the version. */
  readonly env: Readonly<Record<string, string>>;
  /** Content by name, likewise. */
  readonly files: Readonly<Record<string, string>>;
  /** Arguments of the container; undefined for the image's. */
  readonly args: readonly string[] | undefined;
  readonly calls: readonly ServiceCall[];
  readonly externalCalls: readonly ExternalCall[];
}

/** A service in one environment: overrides and defaults applied, references checked. */
export interface Service extends Readonly<
  Omit<ServiceSpec, '$schema' | 'calls' | 'canary' | 'circuitBreaker' | 'resourceName'>
> {
  readonly circuitBreaker: CircuitBreaker;
  /** Name in the cluster and at Google. A rename in the catalogue does not change it. */
  readonly name: string;
  /** Name in the catalogue. Terraform addresses start with it. */
  readonly catalogueName: string;
  readonly namespace: string;
  /** Fully qualified host that callers use. Its traffic is split over the versions. */
  readonly host: string;
  /** The stable version, then the canary if one runs. Weights add up to 100. */
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

/** A third party, with defaults for its TLS names applied. */
export interface External extends Readonly<Omit<ExternalSpec, '$schema' | 'tls'>> {
  readonly sni: string;
  readonly subjectAltNames: readonly string[];
}
