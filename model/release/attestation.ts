/** The statement that an attestor signs about an image. */
import { imageParts } from './image';

/** Binary Authorization accepts signatures of this type only. */
const SIGNATURE_TYPE = 'Google cloud binauthz container signature';

/**
 * Exactly these bytes are hashed and signed.
 *
 * @param image by digest
 * @see https://cloud.google.com/binary-authorization/docs/making-attestations
 */
export function attestationPayload(image: string): string {
  const { repository, digest } = imageParts(image);
  return JSON.stringify({
    critical: {
      identity: { 'docker-reference': repository },
      image: { 'docker-manifest-digest': digest },
      type: SIGNATURE_TYPE,
    },
  });
}

/** Whether the signed statement is about the image. Identical images in other repositories have the same digest. */
export function isAttestationOf(payload: string, image: string): boolean {
  try {
    const { critical } = JSON.parse(payload) as {
      critical?: { type?: unknown; image?: Record<string, unknown> };
    };
    return (
      critical?.type === SIGNATURE_TYPE &&
      critical.image?.['docker-manifest-digest'] === imageParts(image).digest
    );
  } catch {
    return false;
  }
}

/** Resource of occurrences about the image. */
export function imageResource(image: string): string {
  const { repository, digest } = imageParts(image);
  return `https://${repository}@${digest}`;
}
