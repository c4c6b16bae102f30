/** Requests that the catalogue allows, and who may send them. */
import {
  CallGraph,
  ingressGatewayWorkload,
  versionWorkload,
  type Edge,
  type Workload,
} from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { principal } from '../../../model/naming';
import { type Access, type Service, type Version } from '../../../model/service';

export const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** No service of any catalogue has this path, unless it has every path. */
export const UNDECLARED_PATH = '/lab/of-no-service';

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

export function isSame(one: Workload, other: Workload): boolean {
  return one.namespace === other.namespace && one.serviceAccount === other.serviceAccount;
}

/** As a client certificate names the workload. */
export function identityOf(
  environment: Environment,
  { namespace, serviceAccount }: Pick<Workload, 'namespace' | 'serviceAccount'>,
): string {
  return `spiffe://${principal(environment.project.id, namespace, serviceAccount)}`;
}

export interface Callee {
  readonly service: Service;
  readonly edges: readonly Edge[];
}

/** Services with the edges that end at them; those without an edge too. */
export function calleesOf(environment: Environment): Callee[] {
  const graph = new CallGraph(environment);
  return environment.services.map((service) => ({ service, edges: graph.callersOf(service.name) }));
}

/** Every version of every service, as a workload. */
export function versionsOf(
  environment: Environment,
): { service: Service; version: Version; workload: Workload }[] {
  return environment.services.flatMap((service) =>
    service.versions.map((version) => ({ service, version, workload: versionWorkload(service, version) })),
  );
}

/** Name of the proxy that probes a callee in the name of one of its callers. */
export function probeName(caller: Workload): string {
  return `probe-${caller.serviceAccount}`;
}

/** A call that the callee allows, by one of its callers. */
export interface Probe {
  readonly service: Service;
  readonly edge: Edge;
}

/** One probe for each service that the public may call, as the gateway calls it. */
export function visitedProbesOf(environment: Environment): Probe[] {
  return calleesOf(environment).flatMap(({ service, edges }) => {
    const edge = edges.find(({ caller }) => isSame(caller, ingressGatewayWorkload));
    return edge ? [{ service, edge }] : [];
  });
}

/** One probe for each service that anybody may call. */
export function probesOf(environment: Environment): Probe[] {
  return calleesOf(environment).flatMap(({ service, edges: [edge] }) => (edge ? [{ service, edge }] : []));
}
