/** Revisions of a release file, from the first parents of a branch: what was merged, and when. */
import { parse } from 'yaml';
import type { ReleaseHistory, ReleaseRevision } from '../../model/release/history';
import { releaseSchema } from '../../model/schema/release-schema';
import { commitOf, git } from '../plan-review/git-tree';

/** Far more revisions than a release file gets while one image runs. */
const MOST_REVISIONS = 300;

/**
 * A commit counts from the latest date of itself and its first parents: a date that its author made older than the
 * branch does not make an image older.
 *
 * @param folder of the catalogue, in a working tree of the repository
 * @throws UsageError if the reference is unknown
 */
export function releaseHistory(ref: string, folder: string, environment: string): ReleaseHistory {
  const commit = commitOf(ref, folder);
  const times = timesOf(commit, folder);
  const path = `releases/${environment}.yaml`;
  const log = git(
    ['log', '--first-parent', `--max-count=${MOST_REVISIONS}`, '--format=%H', commit, '--', path],
    folder,
  );
  const commits = log.stdout.split('\n').filter((line) => line !== '');
  const revisions = commits.map((hash): ReleaseRevision => {
    const { exitCode, stdout } = git(['show', `${hash}:./${path}`], folder);
    const text = exitCode === 0 ? stdout : '';
    return { commit: hash, timeMs: times.get(hash) ?? 0, services: servicesIn(text) };
  });
  const shallow = git(['rev-parse', '--is-shallow-repository'], folder).stdout.trim() === 'true';
  return { revisions, isShallow: shallow || commits.length === MOST_REVISIONS };
}

/** A file with errors was never deployed. */
function servicesIn(text: string): ReleaseRevision['services'] {
  try {
    return releaseSchema.safeParse(parse(text)).data?.services ?? {};
  } catch {
    return {};
  }
}

function timesOf(commit: string, folder: string): ReadonlyMap<string, number> {
  const lines = git(['log', '--first-parent', '--format=%H %ct', commit], folder).stdout.trim().split('\n');
  const times = new Map<string, number>();
  let latest = 0;
  for (const line of lines.reverse()) {
    const [hash = '', seconds = '0'] = line.split(' ');
    latest = Math.max(latest, Number(seconds) * 1_000);
    times.set(hash, latest);
  }
  return times;
}
