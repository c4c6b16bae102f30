/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-explicit-any -- mutations change arbitrary JSON */
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';

/** A wrong line in the synthesized objects, and the tests of which one must fail. */
export interface Mutation {
  /** Description in the table. */
  readonly what: string;
  /** Ids of the tests. */
  readonly killedBy: RegExp;
  readonly change: (objects: readonly KubernetesManifest[]) => readonly KubernetesManifest[];
}

/** Arbitrary JSON. */
export type Json = Record<string, unknown> & { [key: string]: any };

/** Mutation of one object, named `Kind namespace/name`. */
export function edit(name: string, change: (spec: Json, object: Json) => void): Mutation['change'] {
  return (objects) => {
    let found = false;
    const changed = objects.map((object) => {
      if (`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}` !== name) return object;
      found = true;
      const copy = structuredClone(object) as Json;
      change(copy['spec'] as Json, copy);
      if (JSON.stringify(copy) === JSON.stringify(object))
        throw new Error(`the mutation of ${name} changes nothing`);
      return copy as unknown as KubernetesManifest;
    });
    if (!found) throw new Error(`there is no ${name} to mutate`);
    return changed;
  };
}

export function remove(name: string): Mutation['change'] {
  return (objects) => {
    const left = objects.filter(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}` !== name,
    );
    if (left.length === objects.length) throw new Error(`there is no ${name} to mutate`);
    return left;
  };
}

/** The rule of a VirtualService; public hosts add a rank to the name where a service has several. */
export const route = (spec: Json, name: string) =>
  (spec['http'] as Json[]).find((entry) =>
    new RegExp(`^${name}(-\\d+[a-z]?)?$`).test(String(entry['name'])),
  ) as Json;
export const sources = (spec: Json, rule: number) => spec['rules'][rule].from[0].source as Json;
export const operation = (spec: Json, rule: number) => spec['rules'][rule].to[0].operation as Json;
/** The first rule of an AuthorizationPolicy about the path. */
export const ruleOf = (spec: Json, path: string) =>
  (spec['rules'] as Json[]).find(({ to }) => (to[0].operation.paths as string[]).includes(path)) as Json;
export const policy = (spec: Json) => spec['trafficPolicy'] as Json;

/** Principal of another workload in the same trust domain. */
export const principalLike = (principals: readonly string[], workload: string) =>
  principals[0]?.replace(/ns\/.*/, workload) ?? '';
