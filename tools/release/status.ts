/** `mesh release status`: what runs where, since when, and what waits for its promotion. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { STABLE_VERSION } from '../../model/naming';
import {
  committedPercent,
  servedSince,
  versionSince,
  type ReleaseHistory,
  type ReleaseRevision,
} from '../../model/release/history';
import { imageParts, shortImage } from '../../model/release/image';
import { releaseSchema, type ReleaseSpec } from '../../model/schema/release-schema';
import { choices } from '../../model/source/suggest';
import { compareCodeUnits } from '../../model/source/violation';
import { UsageError } from '../command-line';
import { releaseHistory } from './git-history';

export interface RunningVersion {
  readonly environment: string;
  readonly service: string;
  readonly version: string;
  readonly image: string;
  readonly weightPercent: number;
  /** Time of the commit, RFC 3339; `undefined` if the image is not committed. */
  readonly since: string | undefined;
  /** The history is incomplete: the image may run for longer. */
  readonly isAtLeast: boolean;
}

/** An image that runs in the environment to promote from, but not here. */
export interface WaitingImage {
  readonly environment: string;
  readonly from: string;
  readonly service: string;
  readonly image: string;
  /** When it may be released here, by the history; the cluster must agree. `undefined`: not committed. */
  readonly promotableAt: string | undefined;
}

export interface ReleaseStatus {
  readonly running: readonly RunningVersion[];
  readonly waiting: readonly WaitingImage[];
  /** Services without a release, by environment. */
  readonly unreleased: Readonly<Record<string, readonly string[]>>;
}

/**
 * @param service only this one; all if left out
 * @throws UsageError if no environment has the service
 */
export function releaseStatus(folder: string, service: string | undefined, now: Date): ReleaseStatus {
  const { environments } = loadCatalogue(folder, now.toISOString().slice(0, 10));
  const known = [
    ...new Set(
      environments.flatMap((one) => [...one.services.map((s) => s.catalogueName), ...one.unreleased]),
    ),
  ];
  if (service !== undefined && !known.includes(service))
    throw new UsageError(`unknown service '${service}'; ${choices(service, known)}`);
  const releases = new Map(
    environments.map((environment) => [environment.name, releasesOf(folder, environment, service)] as const),
  );
  const selected = (names: readonly string[]) =>
    names.filter((name) => service === undefined || name === service);
  return {
    running: [...releases.values()].flatMap(({ running }) => running),
    waiting: environments.flatMap((environment) => waitingFor(environment, releases)),
    unreleased: Object.fromEntries(
      environments
        .map(({ name, unreleased }) => [name, selected(unreleased)] as const)
        .filter(([, names]) => names.length > 0),
    ),
  };
}

interface Releases {
  readonly environment: Environment;
  readonly history: ReleaseHistory;
  readonly running: readonly RunningVersion[];
}

function releasesOf(folder: string, environment: Environment, only: string | undefined): Releases {
  const history = historyOf(folder, environment.name);
  const running = Object.entries(committedServices(folder, environment.name))
    .filter(([name]) => only === undefined || name === only)
    .flatMap(([service, entry]) =>
      Object.entries(entry.images).map(([version, image]): RunningVersion => {
        const since = versionSince(history, namesOf(environment, service), version, image);
        return {
          environment: environment.name,
          service,
          version,
          image,
          weightPercent: committedPercent(entry, version),
          since: timeOf(since),
          isAtLeast: isOldest(history, since),
        };
      }),
    );
  return { environment, history, running };
}

function waitingFor(
  { name, promotion }: Environment,
  releases: ReadonlyMap<string, Releases>,
): WaitingImage[] {
  const source = promotion && releases.get(promotion.from);
  if (promotion === undefined || source === undefined) return [];
  const here = new Set(
    releases.get(name)?.running.map(({ service, image }) => `${service} ${imageParts(image).digest}`),
  );
  return source.running
    .filter(({ version }) => version === STABLE_VERSION)
    .flatMap(({ service, image }): WaitingImage[] => {
      const { digest } = imageParts(image);
      if (digest === undefined || here.has(`${service} ${digest}`)) return [];
      const since = servedSince(source.history, namesOf(source.environment, service), digest);
      const promotableMs = since && since.timeMs + promotion.soakMinutes * 60_000;
      return [
        {
          environment: name,
          from: promotion.from,
          service,
          image,
          promotableAt: promotableMs === undefined ? undefined : instantOf(promotableMs),
        },
      ];
    });
}

/** Without a repository, nothing is known about times. */
function historyOf(folder: string, environment: string): ReleaseHistory {
  try {
    return releaseHistory('HEAD', folder, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { revisions: [], isShallow: true };
  }
}

export function committedServices(folder: string, environment: string): ReleaseSpec['services'] {
  const file = join(folder, 'releases', `${environment}.yaml`);
  return existsSync(file) ? releaseSchema.parse(parse(readFileSync(file, 'utf8'))).services : {};
}

/** The present name of a service, and the one before it was renamed. */
export function namesOf({ services }: Pick<Environment, 'services'>, service: string): string[] {
  const former = services.find(({ catalogueName }) => catalogueName === service)?.renamedFrom;
  return [service, ...(former === undefined ? [] : [former])];
}

function isOldest({ revisions, isShallow }: ReleaseHistory, since: ReleaseRevision | undefined): boolean {
  return isShallow && since !== undefined && since === revisions.at(-1);
}

function timeOf(revision: ReleaseRevision | undefined): string | undefined {
  return revision && instantOf(revision.timeMs);
}

export function instantOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A table, then one line for each image that waits for its promotion. */
export function renderReleaseStatus({ running, waiting, unreleased }: ReleaseStatus, now: Date): string {
  const rows = running.map(({ service, environment, version, weightPercent, image, since, isAtLeast }) => [
    service,
    environment,
    version,
    `${weightPercent} %`,
    shortImage(image),
    since === undefined ? 'not committed' : `${isAtLeast ? 'before ' : ''}${since}`,
  ]);
  const header = ['service', 'environment', 'version', 'requests', 'image', 'since'];
  const sorted = [...rows].sort((a, b) => compareCodeUnits(a[0] ?? '', b[0] ?? ''));
  return [
    ...table([header, ...sorted]),
    ...(waiting.length === 0 ? [] : ['']),
    ...waiting.map(
      (one) =>
        `${one.environment} lacks ${one.service} ${shortImage(one.image)} of ${one.from}: ${readiness(one, now)}`,
    ),
    ...Object.entries(unreleased).map(
      ([name, services]) => `${name}: not released yet: ${services.join(', ')}`,
    ),
  ].join('\n');
}

function readiness({ promotableAt, service, environment, from }: WaitingImage, now: Date): string {
  if (promotableAt === undefined) return `not committed in ${from} yet`;
  const command = `mesh release set ${service} --env ${environment} --from ${from}`;
  return Date.parse(promotableAt) <= now.getTime() ? `'${command}'` : `'${command}' from ${promotableAt}`;
}

/** Columns of equal width. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
