/** Copies images between repositories by digest, with the registry's HTTP API. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { imageParts } from '../../../model/release/image';
import { UsageError } from '../../command-line';
import { fetchOnce, oneLine } from './google-api';

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** A layer may be large. */
const BLOB_TIMEOUT_MS = 15 * 60_000;

const descriptor = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: z.int().min(0) });
const document = z.object({
  mediaType: z.string().optional(),
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
  manifests: z.array(descriptor).default([]),
});

interface Repository {
  /** `https://host/v2/path`. */
  readonly url: string;
  readonly origin: string;
  readonly path: string;
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export class ImageCopy {
  /** @param token of a login that reads the source and writes the target */
  constructor(private readonly token: string) {}

  /**
   * Copies manifests and blobs that the target lacks. Everything is identified by its digest, and manifests are
   * checked against it.
   *
   * @returns false if the target had the image already
   * @throws UsageError if the image does not exist, or a registry refuses
   */
  async copy(source: string, target: string): Promise<boolean> {
    const digest = imageParts(source).digest ?? '';
    const [from, to] = [repositoryOf(source), repositoryOf(target)];
    if (await this.has(to, 'manifests', digest)) return false;
    await this.copyManifest(from, to, digest);
    if (!(await this.has(to, 'manifests', digest)))
      throw new UsageError(`${target} is not in the registry after the copy; run the command again`);
    return true;
  }

  /** Whether the repository has the image. */
  exists(image: string): Promise<boolean> {
    return this.has(repositoryOf(image), 'manifests', imageParts(image).digest ?? '');
  }

  /** Blobs first, because a registry refuses manifests of unknown blobs. */
  private async copyManifest(from: Repository, to: Repository, digest: string): Promise<void> {
    const response = await this.send(`${from.url}/manifests/${digest}`);
    if (response.status === 404)
      throw new UsageError(`${from.origin} has no image ${from.path}@${digest}; push it first`);
    await expectOk(response, `read ${from.path}@${digest}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new UsageError(
        `the manifest of ${from.path}@${digest} has another digest; do not use this image`,
      );
    const { config, layers, manifests, mediaType } = document.parse(JSON.parse(bytes.toString()));
    for (const child of manifests) await this.copyManifest(from, to, child.digest);
    for (const blob of [...(config === undefined ? [] : [config]), ...layers])
      await this.copyBlob(from, to, blob);
    const type = response.headers.get('content-type') ?? mediaType ?? MANIFEST_TYPES[0] ?? '';
    const written = await this.send(`${to.url}/manifests/${digest}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: bytes,
    });
    await expectOk(written, `write ${to.path}@${digest}`);
  }

  private async copyBlob(
    from: Repository,
    to: Repository,
    { digest, size }: z.output<typeof descriptor>,
  ): Promise<void> {
    if (await this.has(to, 'blobs', digest)) return;
    const isSameHost = from.origin === to.origin;
    const mount = isSameHost ? `?${new URLSearchParams({ mount: digest, from: from.path }).toString()}` : '';
    const started = await this.send(`${to.url}/blobs/uploads/${mount}`, { method: 'POST' });
    await expectOk(started, `write to ${to.path}`);
    if (started.status === 201) return;
    const blob = await this.send(`${from.url}/blobs/${digest}`);
    await expectOk(blob, `read a layer of ${from.path}`);
    const location = new URL(started.headers.get('location') ?? '', `${to.origin}/`);
    if (location.origin !== to.origin)
      throw new UsageError(
        `${to.origin} sends uploads to ${location.origin}, which gets no token; report this`,
      );
    location.searchParams.set('digest', digest);
    // Node's fetch needs `duplex` for a stream.
    const upload: RequestInit & { readonly duplex: 'half' } = {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body: blob.body,
      duplex: 'half',
      signal: AbortSignal.timeout(BLOB_TIMEOUT_MS),
    };
    const finished = await this.send(location.href, upload);
    await expectOk(finished, `write a layer of ${to.path}`);
  }

  private async has(repository: Repository, kind: 'manifests' | 'blobs', digest: string): Promise<boolean> {
    const response = await this.send(`${repository.url}/${kind}/${digest}`, { method: 'HEAD' });
    if (response.status === 404) return false;
    await expectOk(response, `read ${repository.path}`);
    return true;
  }

  private send(address: string, options: RequestInit = {}): Promise<Response> {
    // Of Artifact Registry: https://cloud.google.com/artifact-registry/docs/docker/authentication
    const login = Buffer.from(`oauth2accesstoken:${this.token}`).toString('base64');
    return fetchOnce(address, {
      ...options,
      headers: {
        accept: [...INDEX_TYPES, ...MANIFEST_TYPES, '*/*;q=0.1'].join(', '),
        authorization: `Basic ${login}`,
        ...options.headers,
      },
    });
  }
}

function repositoryOf(image: string): Repository {
  const { repository } = imageParts(image);
  const slash = repository.indexOf('/');
  const origin = `https://${repository.slice(0, slash)}`;
  const path = repository.slice(slash + 1);
  return { url: `${origin}/v2/${path}`, origin, path };
}

async function expectOk(response: Response, action: string): Promise<void> {
  if (response.ok) return;
  const detail = oneLine(await response.text().catch(() => ''));
  throw new UsageError(
    `cannot ${action}: status ${response.status} (${detail === '' ? 'no message' : detail}); log in as the release account of the environment, which reads and writes its registry`,
  );
}
