/** Which service, gateway or namespace a changed resource belongs to. */
import { ROOT_NAMESPACE } from '../naming';
import { readFacts } from './facts';
import { THE_MESH, workloadParts } from './facts/fact';
import { at, blockAt, textAt } from './json';
import type { MeshMap } from './mesh-map';
import {
  kubernetesObject,
  resourceAfter,
  resourceBefore,
  type Resource,
  type ResourceChange,
} from './resource-change';

/** Where a Kubernetes object says which pods it is about. */
const SELECTORS = [
  ['selector', 'matchLabels', 'app'],
  ['workloadSelector', 'labels', 'app'],
  ['podSelector', 'matchLabels', 'app'],
  ['selector', 'app'],
] as const;

/** Nothing for what belongs to the environment as a whole, such as its network. */
export function subjectOf(change: ResourceChange, map: MeshMap): string | undefined {
  const resource = resourceAfter(change) ?? resourceBefore(change);
  return resource && (objectSubject(resource, map) ?? googleSubject(resource, map));
}

function objectSubject(resource: Resource, map: MeshMap): string | undefined {
  const object = kubernetesObject(resource);
  if (object === undefined) return undefined;
  const [fact] = readFacts(resource);
  if (fact !== undefined) return fact.subject;
  const selected = SELECTORS.flatMap((path) => textAt(object.spec, ...path) ?? [])[0];
  const app = selected ?? textAt(object.labels, 'app');
  if (app !== undefined) return app;
  const parts = workloadParts(object.name);
  if (map.services.includes(parts.service)) return parts.service;
  if (object.namespace === ROOT_NAMESPACE) return THE_MESH;
  if (object.kind === 'Namespace') return object.name;
  return object.namespace === '' ? THE_MESH : object.namespace;
}

function googleSubject({ address, values }: Resource, map: MeshMap): string | undefined {
  const named =
    textAt(at(values, 'user_labels'), 'service') ??
    textAt(blockAt(values, 'basic_service', 'service_labels'), 'canonical_service');
  if (named !== undefined) return named;
  const name = (address.split('.')[1] ?? '').replaceAll('_', '-');
  const mentioned = map.services.filter((service) => `-${name}-`.includes(`-${service}-`));
  // `order-management` and `order` may both be services; the longer name is the one that is meant.
  return mentioned.sort((one, other) => other.length - one.length)[0];
}
