/** `mesh release attest`: an image in the registry of an environment, scanned and signed. */
import { loadCatalogue } from '../../../model/catalogue/load';
import type { Environment } from '../../../model/environment';
import { shopRepository } from '../../../model/naming';
import { imageParts, shortImage, translatedImage } from '../../../model/release/image';
import { accessToken } from '../../google-login';
import { UsageError } from '../../command-line';
import { environmentNamed } from '../../selection';
import { committedServices } from '../status';
import { Attestor } from './attestor';
import { ImageApis } from './google-api';
import { ImageCopy } from './registry';
import { scanned } from './scan';

export interface AttestRequest {
  readonly service: string;
  readonly environment: string;
  /** Default: the images of the service in the release file. */
  readonly image: string | undefined;
  /** Environment from whose registry the image is copied. */
  readonly from: string | undefined;
  readonly waitMinutes: number;
}

/**
 * Copies, verifies, scans and signs, each unless it is done already.
 *
 * @param report one line for each step
 * @throws UsageError at the first step that fails; later ones do not run
 */
export async function attestImages(
  folder: string,
  request: AttestRequest,
  now: Date,
  report: (line: string) => void,
): Promise<void> {
  const catalogue = loadCatalogue(folder, now.toISOString().slice(0, 10));
  const environment = environmentNamed(catalogue, request.environment);
  const source = request.from === undefined ? undefined : environmentNamed(catalogue, request.from);
  const images = imagesOf(folder, request, environment, source);
  const token = accessToken();
  for (const image of images) await attestImage(image, environment, source, token, request, report);
}

function imagesOf(
  folder: string,
  { service, image }: AttestRequest,
  environment: Environment,
  source: Environment | undefined,
): string[] {
  const committed = Object.values(committedServices(folder, environment.name)[service]?.images ?? {});
  const images = image === undefined ? [...new Set(committed)] : [image];
  if (images.length === 0)
    throw new UsageError(
      `'${service}' has no image in releases/${environment.name}.yaml; run 'mesh release set ${service} --env ${environment.name} …' first, or set --image`,
    );
  return images.map((one) => {
    const own = source === undefined ? one : translatedImage(one, source, environment);
    if (imageParts(own).digest === undefined)
      throw new UsageError(`${own} has no digest; only '…@sha256:…' can be signed`);
    if (own.startsWith(`${shopRepository(environment)}/`)) return own;
    throw new UsageError(
      `${own} is not in the registry of '${environment.name}' (${shopRepository(environment)}); push it there, or copy it with --from`,
    );
  });
}

async function attestImage(
  image: string,
  environment: Environment,
  source: Environment | undefined,
  token: string,
  { waitMinutes }: AttestRequest,
  report: (line: string) => void,
): Promise<void> {
  const api = new ImageApis(token);
  const registry = new ImageCopy(token);
  const name = `${shortImage(image)} in ${environment.name}`;
  if (source !== undefined) {
    const original = translatedImage(image, environment, source);
    if (source.images.attestation !== 'off') {
      const attestor = await Attestor.of(api, source.project.id);
      if (!(await attestor.hasSigned(original)))
        throw new UsageError(
          `${original} has no valid attestation of '${source.name}'; run 'mesh release attest' with --env ${source.name} first`,
        );
      report(`${shortImage(image)}: verified the attestation of ${source.name}`);
    }
    const copied = await registry.copy(original, image);
    report(`${name}: ${copied ? `copied from ${source.name}` : 'is in the registry already'}`);
  } else if (!(await registry.exists(image))) {
    throw new UsageError(`${image} is not in the registry; push it first, or copy it with --from`);
  }
  const { images, project } = environment;
  if (images.scanning) {
    const { unfixed } = await scanned(api, image, project.id, images.blockedSeverity, waitMinutes);
    const known = unfixed.length === 0 ? '' : `; without a fix: ${unfixed.join(', ')}`;
    report(
      `${name}: scanned, no fixable vulnerability of severity ${images.blockedSeverity} or above${known}`,
    );
  }
  if (images.attestation === 'off') {
    report(`${name}: needs no signature`);
    return;
  }
  const attestor = await Attestor.of(api, project.id);
  if (await attestor.hasSigned(image)) {
    report(`${name}: is signed already`);
    return;
  }
  await attestor.sign(image, project.id);
  report(`${name}: signed`);
}
