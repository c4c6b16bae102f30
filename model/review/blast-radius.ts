import { INGRESS_GATEWAY } from '../naming';
import { THE_MESH, EXTERNAL_CLIENTS } from './facts/fact';
import type { MeshMap } from './mesh-map';

/** Who notices if the changed part stops working. */
export interface Reach {
  readonly subject: string;
  /** Callers, and callers of callers; the public last. */
  readonly feltBy: readonly string[];
}

export function reachOf(subject: string, map: MeshMap): Reach {
  return { subject, feltBy: feltBy(subject, map) };
}

function feltBy(subject: string, map: MeshMap): readonly string[] {
  if (subject === THE_MESH) return [...map.services, EXTERNAL_CLIENTS];
  if (subject === INGRESS_GATEWAY.name) return [...map.publicServices, EXTERNAL_CLIENTS];
  if (map.isNode(subject)) return map.dependentsOf(subject);
  const inside = map.servicesIn(subject);
  const outside = inside.flatMap((service) => map.dependentsOf(service));
  return [...new Set([...inside, ...outside])].sort(externalClientsLast);
}

function externalClientsLast(one: string, other: string): number {
  const rank = (name: string) => (name === EXTERNAL_CLIENTS ? `\uffff` : name);
  return rank(one) < rank(other) ? -1 : 1;
}
