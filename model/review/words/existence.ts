/** Services that are added or removed. */
import { workloadParts } from '../facts/fact';
import { textAt } from '../json';
import {
  parseManifest,
  resourceAfter,
  resourceBefore,
  type ResourceChange,
  type ResourceState,
} from '../resource-change';
import { STABLE_VERSION } from '../../naming';
import type { Headline } from './headline';

export interface ExistenceHeadline extends Headline {
  readonly topic: 'existence';
  readonly isRemoved: boolean;
}

/** A service exists if its stable version has a Deployment. */
export function existenceHeadlines(changes: readonly ResourceChange[]): ExistenceHeadline[] {
  const before = new Set(changes.flatMap((change) => servicesIn(resourceBefore(change))));
  const after = new Set(changes.flatMap((change) => servicesIn(resourceAfter(change))));
  const headline =
    (text: string, isRemoved: boolean) =>
    (subject: string): ExistenceHeadline => ({ subject, topic: 'existence', text, isRemoved });
  return [
    ...[...after].filter((service) => !before.has(service)).map(headline('new service', false)),
    ...[...before].filter((service) => !after.has(service)).map(headline('service removed', true)),
  ];
}

function servicesIn(resource: ResourceState | undefined): string[] {
  const manifest = resource && parseManifest(resource);
  if (manifest?.kind !== 'Deployment') return [];
  const { service, version } = workloadParts(manifest.name);
  return version === undefined || version === STABLE_VERSION
    ? [textAt(manifest.labels, 'app') ?? service]
    : [];
}
