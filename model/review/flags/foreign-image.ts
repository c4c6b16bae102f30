import { resourceAfter, resourceBefore } from '../resource-change';
import { imagesIn, isOwnImage, repositoryOf } from '../images';
import type { Flag } from './flag';

/** Images come from the registry of the environment's project, or from where its images came before. */
export const foreignImage: Flag = {
  id: 'foreign-image',
  severity: 'critical',
  title: "Image from outside of the environment's registries",
  find: ({ changes, knownRepositories, project }) =>
    knownRepositories.size === 0
      ? []
      : changes.flatMap((change) => {
          const [before, after] = [resourceBefore(change), resourceAfter(change)];
          const known = new Set(before === undefined ? [] : imagesIn(before));
          return (after === undefined ? [] : imagesIn(after))
            .filter(
              (image) =>
                !known.has(image) &&
                !isOwnImage(image, project) &&
                !knownRepositories.has(repositoryOf(image)),
            )
            .map((image) => ({
              message: `image from ${repositoryOf(image)}; known: ${[...knownRepositories].sort().join(', ')}`,
              location: change.address,
            }));
        }),
};
