/** Example requests that the catalogue allows, and their callers. */
import {
  CallGraph,
  ingressGatewayWorkload,
  versionWorkload,
  type Edge,
  type WorkloadIdentity,
} from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { principal } from '../../../model/naming';
import { type Access, type Service, type Version } from '../../../model/service';

export const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** A path that no service declares, except by a pattern for all paths. */
export const UNDECLARED_PATH = '/lab/undeclared';

/** A path that the pattern allows: `/carts/lab` for `/carts/*`. */
export function examplePath(pattern: string): string {
  return pattern.endsWith('/*') ? `${pattern.slice(0, -1)}lab` : pattern;
}

export function allows(access: Access, method: string, path: string): boolean {
  const pathAllowed = access.paths.some((pattern) =>
    pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  );
  return pathAllowed && (access.methods as readonly string[]).includes(method);
}

export function isSame(one: WorkloadIdentity, other: WorkloadIdentity): boolean {
  return one.namespace === other.namespace && one.serviceAccount === other.serviceAccount;
}

/** The ingress route that the edge of the gateway comes from. */
export function routeOfEdge(
  { ingress }: Service,
  { jwt, requires, methods, paths }: Edge,
): Service['ingress'][number] | undefined {
  return ingress.find(
    (route) =>
      route.jwt === jwt &&
      JSON.stringify(route.requires) === JSON.stringify(requires) &&
      methods.every((method) => route.methods.includes(method)) &&
      paths.every((path) => route.paths.includes(path)),
  );
}

/** Whether the requests of the edge come from external clients. */
export function isGatewayEdge({ caller }: Edge): boolean {
  return isSame(caller, ingressGatewayWorkload);
}

/** SPIFFE id in the workload's certificate. */
export function identityOf(
  environment: Environment,
  { namespace, serviceAccount }: Pick<WorkloadIdentity, 'namespace' | 'serviceAccount'>,
): string {
  return `spiffe://${principal(environment.project.id, namespace, serviceAccount)}`;
}

export interface Callee {
  readonly service: Service;
  readonly edges: readonly Edge[];
}

/** All services with their incoming edges. */
export function calleesOf(environment: Environment): Callee[] {
  const graph = new CallGraph(environment);
  return environment.services.map((service) => ({ service, edges: graph.callersOf(service.name) }));
}

/** Every version of every service. */
export function versionsOf(
  environment: Environment,
): { service: Service; version: Version; workload: WorkloadIdentity }[] {
  return environment.services.flatMap((service) =>
    service.versions.map((version) => ({ service, version, workload: versionWorkload(service, version) })),
  );
}

/** Name of the client proxy with the identity of the caller. */
export function probeName(caller: WorkloadIdentity): string {
  return `probe-${caller.serviceAccount}`;
}

/** A service and one of its incoming edges. */
export interface Probe {
  readonly service: Service;
  readonly edge: Edge;
}

/** A probe from the ingress gateway to each service with a public route. */
export function publicProbesOf(environment: Environment): Probe[] {
  return calleesOf(environment).flatMap(({ service, edges }) => {
    const edge = edges.find(({ caller }) => isSame(caller, ingressGatewayWorkload));
    return edge ? [{ service, edge }] : [];
  });
}

/** A probe from one caller to each service that has callers. */
export function probesOf(environment: Environment): Probe[] {
  return calleesOf(environment).flatMap(({ service, edges: [edge] }) => (edge ? [{ service, edge }] : []));
}
