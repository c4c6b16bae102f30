/** Attestations of the pipeline's attestor: read, verified, signed by Cloud KMS, and recorded. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { PIPELINE_ATTESTOR } from '../../../model/naming';
import { attestationPayload, imageResource, isAttestationOf } from '../../../model/release/attestation';
import { imageParts } from '../../../model/release/image';
import { UsageError } from '../../command-line';
import type { ImageApis } from './google-api';

const attestorSchema = z.object({
  userOwnedGrafeasNote: z.object({
    noteReference: z.string(),
    publicKeys: z.array(z.object({ id: z.string(), pkixPublicKey: z.object({ publicKeyPem: z.string() }) })),
  }),
});

const attestationSchema = z.object({
  serializedPayload: z.string(),
  signatures: z.array(z.object({ publicKeyId: z.string(), signature: z.string() })),
});

type Attestation = z.output<typeof attestationSchema>;

const occurrences = z.object({
  occurrences: z.array(z.object({ attestation: attestationSchema.optional() })).default([]),
  nextPageToken: z.string().default(''),
});
const signed = z.object({ signature: z.string() });
const validation = z.object({ result: z.string(), denialReason: z.string().default('no reason') });

/** Public keys that Cloud KMS holds. */
const KMS_KEY = /^\/\/cloudkms\.googleapis\.com\/v1\/(projects\/.+\/cryptoKeyVersions\/\d+)$/;

interface AttestorKey {
  readonly id: string;
  readonly pem: string;
}

export class Attestor {
  private constructor(
    private readonly api: ImageApis,
    private readonly name: string,
    private readonly note: string,
    private readonly keys: readonly AttestorKey[],
  ) {}

  /** The attestor that the environment's cluster requires. */
  static async of(api: ImageApis, projectId: string): Promise<Attestor> {
    const name = `projects/${projectId}/attestors/${PIPELINE_ATTESTOR}`;
    const { userOwnedGrafeasNote } = await api.get('binaryauthorization', name, attestorSchema);
    const keys = userOwnedGrafeasNote.publicKeys.map(({ id, pkixPublicKey }) => ({
      id,
      pem: pkixPublicKey.publicKeyPem,
    }));
    return new Attestor(api, name, userOwnedGrafeasNote.noteReference, keys);
  }

  /** Whether an attestation about the image has a valid signature by one of the keys. */
  async hasSigned(image: string): Promise<boolean> {
    // As gcloud does: Binary Authorization decides by the digest, in whatever repository.
    const filter = `has_suffix(resourceUrl, "${imageParts(image).digest}")`;
    for (let page = ''; ;) {
      const query = new URLSearchParams({ filter, pageSize: '100', ...(page !== '' && { pageToken: page }) });
      const found = await this.api.get(
        'containeranalysis',
        `${this.note}/occurrences?${query.toString()}`,
        occurrences,
      );
      if (found.occurrences.some(({ attestation }) => attestation && this.isValid(attestation, image)))
        return true;
      if (found.nextPageToken === '') return false;
      page = found.nextPageToken;
    }
  }

  /**
   * Signs the image with the newest key, and records the attestation.
   *
   * @throws UsageError if the signature does not verify with the attestor's public key, or Google does not accept it
   */
  async sign(image: string, projectId: string): Promise<void> {
    const attestation = await this.attest(image);
    if (!this.isValid(attestation, image))
      throw new UsageError(
        `the signature of ${image} does not verify with the public key of ${this.name}; apply the stack cluster-and-asm, which updates the key`,
      );
    const subject = { noteName: this.note, resourceUri: imageResource(image) };
    const { result, denialReason } = await this.api.post(
      'binaryauthorization',
      `${this.name}:validateAttestationOccurrence`,
      { attestation, occurrenceNote: subject.noteName, occurrenceResourceUri: subject.resourceUri },
      validation,
    );
    if (result !== 'VERIFIED')
      throw new UsageError(`${this.name} rejects the attestation of ${image}: ${denialReason}; report this`);
    await this.api.post(
      'containeranalysis',
      `projects/${projectId}/occurrences`,
      { ...subject, attestation },
      z.object({ name: z.string() }),
    );
  }

  private async attest(image: string): Promise<Attestation> {
    const payload = Buffer.from(attestationPayload(image));
    const key = this.keys.at(-1);
    const version = KMS_KEY.exec(key?.id ?? '')?.[1];
    if (key === undefined || version === undefined)
      throw new UsageError(
        `${this.name} has no key of Cloud KMS; apply the stack cluster-and-asm of the environment first`,
      );
    const sha256 = createHash('sha256').update(payload).digest('base64');
    const { signature } = await this.api.post(
      'cloudkms',
      `${version}:asymmetricSign`,
      { digest: { sha256 } },
      signed,
    );
    return {
      serializedPayload: payload.toString('base64'),
      signatures: [{ publicKeyId: key.id, signature }],
    };
  }

  private isValid({ serializedPayload, signatures }: Attestation, image: string): boolean {
    const payload = Buffer.from(serializedPayload, 'base64');
    return (
      isAttestationOf(payload.toString(), image) &&
      signatures.some(({ publicKeyId, signature }) => {
        const key = this.keys.find(({ id }) => id === publicKeyId);
        return (
          key !== undefined &&
          verify('sha256', payload, createPublicKey(key.pem), Buffer.from(signature, 'base64'))
        );
      })
    );
  }
}
