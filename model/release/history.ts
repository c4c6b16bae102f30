/** Since when an image runs, from the revisions of a release file. */
import type { ReleaseEntry } from '../canary/stage';
import { STABLE_VERSION } from '../naming';
import { imageParts } from './image';

/** The release file after one commit of the main branch. */
export interface ReleaseRevision {
  readonly commit: string;
  /** When the commit reached the branch, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly services: Readonly<Record<string, ReleaseEntry>>;
}

export interface ReleaseHistory {
  /** Newest first. */
  readonly revisions: readonly ReleaseRevision[];
  /** Whether older revisions are missing: the oldest one is only the latest start. */
  readonly isShallow: boolean;
}

/** Share of the requests that the version receives by the release file. */
export function committedPercent({ canary }: ReleaseEntry, version: string): number {
  const canaryPercent = canary?.weightPercent ?? 0;
  if (version === STABLE_VERSION) return 100 - canaryPercent;
  return version === canary?.version ? canaryPercent : 0;
}

/**
 * The revision since which the image, in whatever version, receives requests without interruption; `undefined` if it
 * does not now.
 *
 * @param names of the service: its present one, and the former one of a renamed service
 */
export function servedSince(
  { revisions }: ReleaseHistory,
  names: readonly string[],
  digest: string,
): ReleaseRevision | undefined {
  return lastOfRun(revisions, names, (entry) =>
    Object.entries(entry.images).some(
      ([version, image]) => imageParts(image).digest === digest && committedPercent(entry, version) > 0,
    ),
  );
}

/** The revision since which the version has the image. */
export function versionSince(
  { revisions }: ReleaseHistory,
  names: readonly string[],
  version: string,
  image: string,
): ReleaseRevision | undefined {
  return lastOfRun(revisions, names, ({ images }) => images[version] === image);
}

/** The oldest of the newest revisions that match. */
function lastOfRun(
  revisions: readonly ReleaseRevision[],
  names: readonly string[],
  matches: (entry: ReleaseEntry) => boolean,
): ReleaseRevision | undefined {
  let last: ReleaseRevision | undefined;
  for (const revision of revisions) {
    const name = names.find((one) => revision.services[one] !== undefined);
    const entry = name === undefined ? undefined : revision.services[name];
    if (entry === undefined || !matches(entry)) return last;
    last = revision;
  }
  return last;
}
