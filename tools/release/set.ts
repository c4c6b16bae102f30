/** `mesh release set`: the image of a version in one environment. */
import { stageOf, startEdits, type ReleaseEdit, type ReleaseEntry } from '../../model/canary/stage';
import { isMissingCallee } from '../../model/catalogue/environment-checks';
import { checkCatalogue } from '../../model/catalogue/load';
import type { Catalogue, Environment } from '../../model/environment';
import { STABLE_VERSION } from '../../model/naming';
import { imageParts, shortImage, translatedImage } from '../../model/release/image';
import { imageReference } from '../../model/schema/primitives';
import { readMeshConfig } from '../../model/source/read-folder';
import { choices } from '../../model/source/suggest';
import { CatalogueError, formatViolation, type Violation } from '../../model/source/violation';
import { writeRelease } from '../canary-release/release-file';
import { UsageError } from '../command-line';
import { environmentNamed } from '../selection';
import { committedServices } from './status';

export interface SetRequest {
  readonly service: string;
  readonly environment: string;
  /** One of `image` and `from`. */
  readonly image?: string | undefined;
  /** Environment whose stable image is promoted. */
  readonly from?: string | undefined;
  /** Default: `v1`; required if the service has a canary policy and already runs. */
  readonly version?: string | undefined;
  readonly hotfix?: Hotfix | undefined;
}

export interface Hotfix {
  readonly reason: string;
  readonly ticket: string;
}

export interface SetOutcome {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly image: string;
  /** `undefined` for the first release of the version. */
  readonly formerImage: string | undefined;
  readonly hotfix: Hotfix | undefined;
  readonly changed: boolean;
  readonly done: string;
  readonly next: readonly string[];
}

/**
 * Writes the release file if it changes.
 *
 * @param folder of the catalogue
 * @throws UsageError if the request does not fit the catalogue or the state of the release
 * @throws CatalogueError if the catalogue is invalid, or would be with the image; the file stays as it is
 */
export function setRelease(folder: string, request: SetRequest, now: Date): SetOutcome {
  const today = now.toISOString().slice(0, 10);
  const instant = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const { violations, ...catalogue } = checkCatalogue(readMeshConfig(folder), today);
  if (!violations.every(isMissingCallee)) throw new CatalogueError(violations);
  const environment = environmentNamed(catalogue, request.environment);
  const service = knownService(environment, request.service);
  const entry = committedServices(folder, environment.name)[service];
  const image = imageOf(catalogue, environment, service, folder, request);
  const policy = environment.services.find(({ catalogueName }) => catalogueName === service)?.canaryPolicy;
  const version = versionOf(request, entry, policy?.version, environment.name);
  const formerImage = entry?.images[version];
  const { hotfix } = request;
  const outcome = { service, environment: environment.name, version, image, formerImage, hotfix };
  const edits = [
    ...(formerImage === image ? [] : imageEdits(entry, version, image, instant)),
    ...hotfixEdits(entry, version, image, hotfix),
  ];
  if (edits.length === 0)
    return {
      ...outcome,
      changed: false,
      done: `${version} already has ${shortImage(image)}; nothing changed`,
      next: [],
    };
  // A caller and its new callee are released one after the other, in one change.
  const isKnown = (violation: Violation) =>
    isMissingCallee(violation) &&
    violations.some(({ file, rule }) => file === violation.file && rule === violation.rule);
  const remaining = writeRelease(folder, environment.name, service, edits, today, isKnown);
  const change =
    formerImage === undefined
      ? `first image ${shortImage(image)}`
      : `${shortImage(formerImage)} → ${shortImage(image)}`;
  return {
    ...outcome,
    changed: true,
    done: `${version}: ${change}`,
    next: [
      ...remaining.map((violation) => `fix in the same change: ${formatViolation(violation)}`),
      ...nextSteps(environment, outcome, request),
    ],
  };
}

/** The service may have no release in the environment yet. */
function knownService({ services, unreleased }: Environment, name: string): string {
  const names = [...services.map(({ catalogueName }) => catalogueName), ...unreleased];
  if (names.includes(name)) return name;
  throw new UsageError(`unknown service '${name}'; ${choices(name, names)}`);
}

function imageOf(
  catalogue: Catalogue,
  environment: Environment,
  service: string,
  folder: string,
  { image, from }: SetRequest,
): string {
  if (image !== undefined && from !== undefined)
    throw new UsageError('--image and --from exclude each other; set one of them');
  if (image !== undefined) {
    const parsed = imageReference.safeParse(image);
    if (parsed.success) return image;
    throw new UsageError(`--image '${image}' ${parsed.error.issues[0]?.message ?? 'is invalid'}`);
  }
  if (from === undefined) throw new UsageError('the image is missing; set --image or --from');
  if (from === environment.name)
    throw new UsageError(`--from '${from}' is the environment itself; name the one to promote from`);
  const source = environmentNamed(catalogue, from);
  const promoted = committedServices(folder, from)[service]?.images[STABLE_VERSION];
  if (promoted === undefined)
    throw new UsageError(
      `'${service}' has no image in '${from}'; run 'mesh release set ${service} --env ${from} --image …' first`,
    );
  if (imageParts(promoted).digest === undefined)
    throw new UsageError(
      `'${from}' runs ${promoted}, which has no digest; release it there with '@sha256:…' first`,
    );
  return translatedImage(promoted, source, environment);
}

function versionOf(
  { service, version }: SetRequest,
  entry: ReleaseEntry | undefined,
  canaryVersion: string | undefined,
  environment: string,
): string {
  const runs = entry?.images[STABLE_VERSION] !== undefined;
  if (version === undefined && runs && canaryVersion !== undefined)
    throw new UsageError(
      `'${service}' can be released step by step; set --version ${canaryVersion} for a canary, or --version ${STABLE_VERSION} for all requests at once`,
    );
  const chosen = version ?? STABLE_VERSION;
  const known = [STABLE_VERSION, ...(canaryVersion === undefined ? [] : [canaryVersion])];
  if (!known.includes(chosen))
    throw new UsageError(`'${service}' has no version '${chosen}'; ${choices(chosen, known)}`);
  if (chosen !== STABLE_VERSION && !runs)
    throw new UsageError(
      `'${service}' has no stable version in '${environment}' yet; release --version ${STABLE_VERSION} first`,
    );
  const canary = entry?.canary;
  const stage = entry === undefined ? 'none' : stageOf(entry);
  if (stage === 'none' || canary === undefined) return chosen;
  // The stable version may change while the canary has no traffic; the canary itself only after a rollback.
  const isFree = stage === 'rolled-back' || (stage === 'waiting' && chosen === STABLE_VERSION);
  if (isFree) return chosen;
  throw new UsageError(
    `a canary of '${service}' runs in '${environment}' with ${canary.weightPercent} % of the requests (${stage}); end it first with 'mesh canary finish' or 'rollback'`,
  );
}

function imageEdits(
  entry: ReleaseEntry | undefined,
  version: string,
  image: string,
  instant: string,
): ReleaseEdit[] {
  if (version !== STABLE_VERSION) {
    const rolledBack = entry?.canary?.rolledBackAt;
    if (rolledBack !== undefined && entry?.images[version] === image)
      throw new UsageError(`${shortImage(image)} was rolled back at ${rolledBack}; release another image`);
    return startEdits(version, image, instant);
  }
  return [{ path: ['images', version], value: image }];
}

/** The exception belongs to one digest. One whose digest no longer runs is removed. */
function hotfixEdits(
  entry: ReleaseEntry | undefined,
  version: string,
  image: string,
  hotfix: Hotfix | undefined,
): ReleaseEdit[] {
  const { digest } = imageParts(image);
  const former = entry?.hotfix;
  const remove: ReleaseEdit[] = former === undefined ? [] : [{ path: ['hotfix'], value: undefined }];
  if (hotfix === undefined) {
    const images = Object.values({ ...entry?.images, [version]: image });
    return images.some((one) => imageParts(one).digest === former?.digest) ? [] : remove;
  }
  if (digest === undefined)
    throw new UsageError(`a hotfix needs an image with a digest; set --image to '…@sha256:…'`);
  const { reason, ticket } = hotfix;
  if (former?.digest === digest && former.reason === reason && former.ticket === ticket) return [];
  return [
    ...remove,
    { path: ['hotfix', 'digest'], value: digest },
    { path: ['hotfix', 'reason'], value: reason },
    { path: ['hotfix', 'ticket'], value: ticket },
  ];
}

function nextSteps(
  { images, name }: Environment,
  { service, version, image }: Pick<SetOutcome, 'service' | 'version' | 'image'>,
  { from }: SetRequest,
): string[] {
  const copy = from === undefined ? '' : ` --from ${from}`;
  return [
    ...(images.attestation === 'off' && from === undefined
      ? []
      : [
          `run 'mesh release attest ${service} --env ${name}${copy}': ${shortImage(image)} must be in the registry${images.attestation === 'off' ? '' : ' and signed'} before it is deployed`,
        ]),
    `commit releases/${name}.yaml and open a pull request; its merge deploys the image`,
    ...(version === STABLE_VERSION
      ? []
      : [`when the pods of ${version} are ready, run 'mesh canary advance ${service} --env ${name}'`]),
  ];
}
