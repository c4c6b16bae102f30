/** `mesh release check`: the releases of a change against its base, by evidence that the change cannot edit. */
import { checkCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { shortImage } from '../../model/release/image';
import {
  clusterBlocker,
  historyBlocker,
  incomingImages,
  isRestored,
  type IncomingImage,
} from '../../model/release/promotion';
import { serviceReleases, type ReleaseTransitionViolation } from '../../model/release/service-releases';
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import { readMeshConfig, type FolderContent } from '../../model/source/read-folder';
import { formatViolation, sortByPlace } from '../../model/source/violation';
import { loginToCluster, readRollouts } from '../canary-release/cluster';
import { catalogueAt, commitOf, mergeBase } from '../plan-review/git-tree';
import { releaseHistory } from './git-history';

export interface CheckRequest {
  /** Commit, branch or tag of the repository that has `folder`. */
  readonly base: string;
  /** Folder of the catalogue, in a working tree. */
  readonly folder: string;
  /** Folder of the changed catalogue, if it is not `folder`. */
  readonly change: string | undefined;
  /** One environment only. */
  readonly environment: string | undefined;
  /** File with the Deployments of the environment to promote from, as JSON; without it, kubectl runs. */
  readonly deployments: string | undefined;
  /** Whether to fetch the credentials of the cluster first. */
  readonly login: boolean;
}

export interface CheckReport {
  readonly violations: readonly ReleaseTransitionViolation[];
  /** Images that pass by their exception. */
  readonly hotfixes: readonly IncomingImage[];
  /** Images that have run long enough. */
  readonly promoted: readonly IncomingImage[];
}

interface Change {
  readonly commit: string;
  readonly base: FolderContent;
  readonly head: FolderContent;
}

/** @throws UsageError if the reference is unknown, or the cluster cannot be read */
export function checkReleases(request: CheckRequest, now: Date): CheckReport {
  const { commit, base, head } = changeOf(request);
  const today = now.toISOString().slice(0, 10);
  const selected = ({ environment }: { readonly environment: string }) =>
    request.environment === undefined || environment === request.environment;
  const incoming = incomingImages(serviceReleases(base, head, today)).filter(selected);
  const { environments } = checkCatalogue(base, today);
  const found = incoming
    .filter(({ hotfix }) => hotfix === undefined)
    .map((image) => ({ image, blocker: blockerOf(image, commit, request, environments, now) }));
  return {
    violations: sortByPlace([
      ...releaseTransitionViolations(base, head, now).filter(selected),
      ...found.flatMap(({ image, blocker }) => (blocker === undefined ? [] : [image.violation(blocker)])),
    ]) as ReleaseTransitionViolation[],
    hotfixes: incoming.filter(({ hotfix }) => hotfix !== undefined),
    promoted: found.filter(({ blocker }) => blocker === undefined).map(({ image }) => image),
  };
}

export interface ChangedReleases {
  readonly environment: string;
  /** Environment whose cluster the check reads; empty if it reads none. */
  readonly from: string;
}

/** Environments whose release file the change edits, for a pipeline that logs in to one environment per job. */
export function changedReleases(request: CheckRequest, now: Date): ChangedReleases[] {
  const { base, head } = changeOf(request);
  const releases = serviceReleases(base, head, now.toISOString().slice(0, 10));
  const incoming = incomingImages(releases).filter(({ hotfix }) => hotfix === undefined);
  const textOf = ({ files }: FolderContent, name: string) =>
    files.find(({ kind, stem }) => kind === 'release' && stem === name)?.text;
  const names = new Set(releases.map(({ environmentName }) => environmentName));
  return [...names]
    .filter((name) => textOf(base, name) !== textOf(head, name))
    .map((name) => ({
      environment: name,
      from: incoming.find(({ environment }) => environment === name)?.policy.from ?? '',
    }));
}

function changeOf({ base, folder, change }: CheckRequest): Change {
  const commit = change === undefined ? mergeBase(base, folder) : commitOf(base, folder);
  return { commit, base: catalogueAt(commit, folder), head: readMeshConfig(change ?? folder) };
}

function blockerOf(
  image: IncomingImage,
  commit: string,
  { folder, deployments, login }: CheckRequest,
  environments: readonly Environment[],
  now: Date,
): string | undefined {
  const { from } = image.policy;
  if (isRestored(image, releaseHistory(commit, folder, image.environment))) return undefined;
  const committed = historyBlocker(image, releaseHistory(commit, folder, from), now);
  if (committed !== undefined) return committed;
  const source = environments.find(({ name }) => name === from);
  const service = source?.services.find(({ catalogueName }) => catalogueName === image.service);
  if (login && source !== undefined) loginToCluster(source);
  const rollouts =
    source === undefined || service === undefined ? [] : readRollouts(deployments, source, service.namespace);
  return clusterBlocker(image, source, rollouts, now);
}

export function renderCheck({ violations, hotfixes, promoted }: CheckReport): string {
  return [
    ...violations.map(formatViolation),
    ...hotfixes.map(
      ({ environment, service, image, hotfix }) =>
        `hotfix in ${environment}: ${service} ${shortImage(image)} without promotion (${hotfix?.ticket}: ${hotfix?.reason})`,
    ),
    ...promoted.map(
      ({ environment, service, image, policy }) =>
        `promotion to ${environment}: ${service} ${shortImage(image)}, which '${policy.from}' has run for ${policy.soakMinutes} min`,
    ),
    violations.length === 0
      ? 'releases: no errors'
      : `releases: ${violations.length} error${violations.length === 1 ? '' : 's'}`,
  ].join('\n');
}
