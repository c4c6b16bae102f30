/** Services and their versions that begin or end. */
import { workloadParts } from '../facts/fact';
import { textAt } from '../json';
import {
  kubernetesObject,
  resourceAfter,
  resourceBefore,
  type Resource,
  type ResourceChange,
} from '../resource-change';
import { STABLE_VERSION } from '../../naming';
import type { Headline } from './headline';

export interface ExistenceHeadline extends Headline {
  readonly topic: 'existence';
  readonly ends: boolean;
}

/** A service is there while its stable version's Deployment is. */
export function existenceHeadlines(changes: readonly ResourceChange[]): ExistenceHeadline[] {
  const before = new Set(changes.flatMap((change) => runningIn(resourceBefore(change))));
  const after = new Set(changes.flatMap((change) => runningIn(resourceAfter(change))));
  const line =
    (text: string, ends: boolean) =>
    (subject: string): ExistenceHeadline => ({ subject, topic: 'existence', text, ends });
  return [
    ...[...after].filter((service) => !before.has(service)).map(line('new service', false)),
    ...[...before].filter((service) => !after.has(service)).map(line('service ends', true)),
  ];
}

function runningIn(resource: Resource | undefined): string[] {
  const object = resource && kubernetesObject(resource);
  if (object?.kind !== 'Deployment') return [];
  const { service, version } = workloadParts(object.name);
  return version === undefined || version === STABLE_VERSION ? [textAt(object.labels, 'app') ?? service] : [];
}
