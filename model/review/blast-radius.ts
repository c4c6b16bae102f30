import { INGRESS_GATEWAY } from '../naming';
import { EXTERNAL_CLIENTS, THE_MESH } from './facts/fact';
import type { MeshMap } from './mesh-map';

/** Who is affected if the changed part stops working. */
export interface BlastRadius {
  readonly subject: string;
  /** Direct and transitive callers; external clients last. */
  readonly affected: readonly string[];
}

export function blastRadiusOf(subject: string, map: MeshMap): BlastRadius {
  return { subject, affected: affectedBy(subject, map) };
}

function affectedBy(subject: string, map: MeshMap): readonly string[] {
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
