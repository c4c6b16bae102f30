/** Canaries as their routes tell of them: what a ceiling must match to hold. */
import type { CappedRelease } from '../canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../canary/split';
import { textAt } from './json';
import { kubernetesObject, type Resource } from './resource-change';

export function canariesIn(resource: Resource): CappedRelease[] {
  const object = kubernetesObject(resource);
  if (object?.kind !== 'VirtualService') return [];
  const annotation = (name: string) => textAt(object.json, 'metadata', 'annotations', name);
  const host = annotation(SPLIT_ANNOTATIONS.host);
  const release = annotation(SPLIT_ANNOTATIONS.release);
  if (host === undefined || release === undefined) return [];
  const acknowledgedIncidents = annotation(SPLIT_ANNOTATIONS.acknowledged)?.split(' ') ?? [];
  return [{ host, release, acknowledgedIncidents }];
}
