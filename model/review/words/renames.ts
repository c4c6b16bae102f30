/** Services whose resources move to another address: objects keep their name, and nothing is destroyed. */
import { textAt } from '../json';
import { parseManifest, resourceAfter, type ResourceChange } from '../resource-change';
import { workloadParts } from '../facts/fact';
import type { Headline } from './headline';

export function renameHeadlines(changes: readonly ResourceChange[]): Headline[] {
  const renames = changes.flatMap((change): Headline[] => {
    const { address, previousAddress } = change;
    const resource = resourceAfter(change);
    const manifest = resource && parseManifest(resource);
    if (previousAddress === undefined || manifest?.kind !== 'Deployment') return [];
    const [from, to] = differingParts(previousAddress, address);
    const subject = textAt(manifest.labels, 'app') ?? workloadParts(manifest.name).service;
    return [{ subject, topic: 'existence', text: `renamed in the catalogue: ${from} → ${to}` }];
  });
  // Each version has a Deployment.
  return renames.filter(
    ({ subject, text }, index) =>
      renames.findIndex((other) => other.subject === subject && other.text === text) === index,
  );
}

/** `wishlist` and `favourites` for `kubernetes_manifest.wishlist_v1_deployment` and `…favourites_v1_deployment`. */
function differingParts(from: string, to: string): readonly [string, string] {
  const [was, is] = [from, to].map((address) => address.slice(address.indexOf('.') + 1).split('_')) as [
    string[],
    string[],
  ];
  while (was.length > 1 && is.length > 1 && was.at(-1) === is.at(-1)) {
    was.pop();
    is.pop();
  }
  return [was.join('-'), is.join('-')];
}
