/** Canary releases, read from the annotations of their routes: a weight cap applies to one of these. */
import type { CappedRelease } from '../canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../canary/split';
import { textAt } from './json';
import { parseManifest, type ResourceState } from './resource-change';

export function canariesIn(resource: ResourceState): CappedRelease[] {
  const manifest = parseManifest(resource);
  if (manifest?.kind !== 'VirtualService') return [];
  const annotation = (name: string) => textAt(manifest.json, 'metadata', 'annotations', name);
  const host = annotation(SPLIT_ANNOTATIONS.host);
  const release = annotation(SPLIT_ANNOTATIONS.release);
  if (host === undefined || release === undefined) return [];
  const acknowledgedIncidents = annotation(SPLIT_ANNOTATIONS.acknowledged)?.split(' ') ?? [];
  return [{ host, release, acknowledgedIncidents }];
}
