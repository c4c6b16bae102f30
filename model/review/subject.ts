/** Which service, gateway or namespace a changed resource belongs to. */
import { ROOT_NAMESPACE } from '../naming';
import { readFacts } from './facts';
import { THE_MESH, workloadParts } from './facts/fact';
import { at, blockAt, textAt } from './json';
import type { MeshMap } from './mesh-map';
import {
  parseManifest,
  resourceAfter,
  resourceBefore,
  type ResourceChange,
  type ResourceState,
} from './resource-change';

/** Paths of pod selectors in Kubernetes objects. */
const SELECTORS = [
  ['selector', 'matchLabels', 'app'],
  ['workloadSelector', 'labels', 'app'],
  ['podSelector', 'matchLabels', 'app'],
  ['selector', 'app'],
] as const;

/** `undefined` for resources of the whole environment, such as its network. */
export function subjectOf(change: ResourceChange, map: MeshMap): string | undefined {
  const resource = resourceAfter(change) ?? resourceBefore(change);
  return resource && (objectSubject(resource, map) ?? googleSubject(resource, map));
}

function objectSubject(resource: ResourceState, map: MeshMap): string | undefined {
  const manifest = parseManifest(resource);
  if (manifest === undefined) return undefined;
  const [fact] = readFacts(resource);
  if (fact !== undefined) return fact.subject;
  const selected = SELECTORS.flatMap((path) => textAt(manifest.spec, ...path) ?? [])[0];
  const app = selected ?? textAt(manifest.labels, 'app');
  if (app !== undefined) return app;
  const parts = workloadParts(manifest.name);
  if (map.services.includes(parts.service)) return parts.service;
  if (manifest.namespace === ROOT_NAMESPACE) return THE_MESH;
  if (manifest.kind === 'Namespace') return manifest.name;
  return manifest.namespace === '' ? THE_MESH : manifest.namespace;
}

function googleSubject({ address, values }: ResourceState, map: MeshMap): string | undefined {
  const named =
    textAt(at(values, 'user_labels'), 'service') ??
    textAt(blockAt(values, 'basic_service', 'service_labels'), 'canonical_service');
  if (named !== undefined) return named;
  const name = (address.split('.')[1] ?? '').replaceAll('_', '-');
  const mentioned = map.services.filter((service) => `-${name}-`.includes(`-${service}-`));
  // `order-management` and `order` may both be services; the longest match is the right one.
  return mentioned.sort((one, other) => other.length - one.length)[0];
}
