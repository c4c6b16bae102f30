/**
 * Which workload may call which service. Authorization policies, network policies, sidecar scopes, the diagram and
 * the dashboards are derived from these edges, and from nothing else.
 */
import type { TokenRequirement } from './admission';
import type { Environment } from './environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY } from './naming';
import { publicAccessOf } from './public-routes';
import type { Access, External, Service, Version } from './service';

/** Pods that share one identity. */
export interface WorkloadIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Labels that select exactly these pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface Edge extends Access {
  readonly caller: WorkloadIdentity;
  /** `required` on ingress routes that require a valid end-user token. */
  readonly jwt: 'required' | 'none';
  /** What the token must say. @default nothing */
  readonly requires?: TokenRequirement | undefined;
  /** More specific paths of the service that need a token where this edge needs none, or the reverse. */
  readonly exceptPaths?: readonly string[];
}

export interface EgressEdge extends Access {
  readonly caller: WorkloadIdentity;
  readonly external: External;
}

export const ingressGatewayWorkload: WorkloadIdentity = {
  namespace: INGRESS_GATEWAY.namespace,
  serviceAccount: INGRESS_GATEWAY.serviceAccount,
  podLabels: { app: INGRESS_GATEWAY.name },
};

export const egressGatewayWorkload: WorkloadIdentity = {
  namespace: EGRESS_GATEWAY.namespace,
  serviceAccount: EGRESS_GATEWAY.serviceAccount,
  podLabels: { app: EGRESS_GATEWAY.name },
};

export function versionWorkload(service: Service, version: Version): WorkloadIdentity {
  return {
    namespace: service.namespace,
    serviceAccount: version.workload,
    podLabels: { app: service.name, version: version.name },
  };
}

/** The call graph of one environment, indexed once. */
export class CallGraph {
  private readonly inbound = new Map<string, Edge[]>();
  private readonly egress = new Map<string, EgressEdge[]>();
  private readonly servicesByName: ReadonlyMap<string, Service>;
  private readonly externalsByName: ReadonlyMap<string, External>;

  constructor(environment: Pick<Environment, 'services' | 'externals'>) {
    this.servicesByName = new Map(environment.services.map((service) => [service.name, service]));
    this.externalsByName = new Map(environment.externals.map((external) => [external.name, external]));

    for (const service of environment.services) {
      for (const edge of publicAccessOf(service))
        push(this.inbound, service.name, { ...edge, caller: ingressGatewayWorkload });
      for (const version of service.versions) {
        const caller = versionWorkload(service, version);
        for (const { service: callee, methods, paths } of version.calls) {
          push(this.inbound, callee, { caller, methods, paths, jwt: 'none' });
        }
        for (const { external: name, methods, paths } of version.externalCalls) {
          const external = this.externalsByName.get(name);
          if (external) push(this.egress, name, { caller, methods, paths, external });
        }
      }
    }
  }

  /** Every edge to the service, ingress included. */
  callersOf(service: string): readonly Edge[] {
    return this.inbound.get(service) ?? [];
  }

  /** Every edge from the mesh to the third party. */
  callersOfExternal(external: string): readonly EgressEdge[] {
    return this.egress.get(external) ?? [];
  }

  /** Services that the version calls, sorted by name. */
  calleesOf(version: Version): readonly Service[] {
    return version.calls
      .map((call) => call.service)
      .sort()
      .flatMap((name) => this.servicesByName.get(name) ?? []);
  }

  /** Third parties that the version calls, sorted by name. */
  externalsOf(version: Version): readonly External[] {
    return version.externalCalls
      .map((call) => call.external)
      .sort()
      .flatMap((name) => this.externalsByName.get(name) ?? []);
  }
}

function push<T>(index: Map<string, T[]>, key: string, value: T): void {
  const list = index.get(key);
  if (list) list.push(value);
  else index.set(key, [value]);
}
