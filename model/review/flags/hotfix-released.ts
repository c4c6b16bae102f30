import { HOTFIX_ANNOTATION } from '../../naming';
import { textAt } from '../json';
import { parseManifest, resourceAfter, resourceBefore, type ResourceState } from '../resource-change';
import type { Flag } from './flag';

/** The former environment has not run the image, or not for long enough. */
export const hotfixReleased: Flag = {
  id: 'hotfix-released',
  severity: 'critical',
  title: 'Image released without promotion',
  find: ({ changes }) =>
    changes.flatMap((change) => {
      const hotfix = hotfixOf(resourceAfter(change));
      return hotfix === undefined || hotfix === hotfixOf(resourceBefore(change))
        ? []
        : [{ message: `hotfix ${hotfix}`, location: change.address }];
    }),
};

function hotfixOf(resource: ResourceState | undefined): string | undefined {
  const manifest = resource && parseManifest(resource);
  return manifest?.kind === 'Deployment'
    ? textAt(manifest.json, 'metadata', 'annotations', HOTFIX_ANNOTATION)
    : undefined;
}
