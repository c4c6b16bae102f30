/** Canary releases, read from the annotations of their routes: a weight cap applies to one of these. */
import type { CappedRelease } from '../canary/weight-cap';
import { routedCanaries } from '../canary/split';
import { textEntriesAt } from './json';
import { parseManifest, type ResourceState } from './resource-change';

export function canariesIn(resource: ResourceState): CappedRelease[] {
  const manifest = parseManifest(resource);
  if (manifest?.kind !== 'VirtualService') return [];
  return routedCanaries({ annotations: textEntriesAt(manifest.json, 'metadata', 'annotations') });
}
