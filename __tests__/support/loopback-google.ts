/**
 * Google's APIs for images on loopback: Cloud KMS with a real EC key, Binary Authorization, Artifact Analysis, and
 * Artifact Registry with the registry's HTTP API.
 */
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RecordedRequest {
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

interface Occurrence {
  readonly project: string;
  readonly noteName: string;
  readonly resourceUri: string;
  readonly [key: string]: unknown;
}

const REGISTRY = 'europe-west1-docker.pkg.dev';

export class LoopbackGoogle {
  readonly requests: RecordedRequest[] = [];
  readonly occurrences: Occurrence[] = [];
  /** By `<path>@<digest>` of each repository. */
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  /** By project. */
  readonly keys = new Map<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>();
  /** Signs something else, as a broken or replaced key would. */
  signsWith: KeyObject | undefined;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const send = globalThis.fetch;
    const { port } = this;
    // Only the host changes: the requests are real.
    jest.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
      const { host, pathname, search } = new URL(address as string);
      return send(`http://127.0.0.1:${port}/${host}${pathname}${search}`, init);
    });
  }

  /** Writes a module that redirects requests of another process, for `node --require`. */
  writeRedirect(file: string): void {
    writeFileSync(
      file,
      `const send = globalThis.fetch;
globalThis.fetch = (address, init) => {
  const { hostname, host, pathname, search } = new URL(address);
  const isGoogle = /[.](googleapis[.]com|pkg[.]dev)$/.test(hostname);
  return send(isGoogle ? 'http://127.0.0.1:${this.port}/' + host + pathname + search : address, init);
};
`,
    );
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    jest.restoreAllMocks();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Pushes an image of two layers, or an index of two such images. */
  push(repository: string, content: string, kind: 'image' | 'index' = 'image'): string {
    if (kind === 'index') {
      const manifests = ['amd64', 'arm64'].map((architecture) => {
        const image = this.push(repository, `${content} ${architecture}`);
        const digest = image.slice(image.indexOf('@') + 1);
        return { digest, size: 1, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
      });
      return this.addManifest(repository, { manifests }, 'application/vnd.oci.image.index.v1+json');
    }
    const add = (text: string) => {
      const bytes = Buffer.from(text);
      this.blobs.set(`${repository}@${digestOfBytes(bytes)}`, bytes);
      return { digest: digestOfBytes(bytes), size: bytes.length };
    };
    const manifest = { config: add(`{"of":"${content}"}`), layers: [add('base layer'), add(content)] };
    return this.addManifest(repository, manifest, 'application/vnd.docker.distribution.manifest.v2+json');
  }

  scanned(image: string, project: string, analysisStatus: string, severities: readonly string[] = []): void {
    const subject = {
      project,
      resourceUri: `https://${image}`,
      noteName: 'projects/goog-analysis/notes/PACKAGE',
    };
    this.occurrences.push({ ...subject, kind: 'DISCOVERY', discovery: { analysisStatus } });
    for (const [index, severity] of severities.entries()) {
      const [effectiveSeverity, unfixed] = severity.split(' ');
      this.occurrences.push({
        ...subject,
        kind: 'VULNERABILITY',
        noteName: `projects/goog-vulnz/notes/CVE-2026-${index + 1}`,
        vulnerability: { effectiveSeverity, fixAvailable: unfixed === undefined },
      });
    }
  }

  keyOf(project: string) {
    const known = this.keys.get(project) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.keys.set(project, known);
    return known;
  }

  keyVersion(project: string): string {
    return `projects/${project}/locations/europe-west1/keyRings/shop/cryptoKeys/image-attestation/cryptoKeyVersions/1`;
  }

  private addManifest(repository: string, manifest: object, mediaType: string): string {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...manifest }));
    this.manifests.set(`${repository}@${digestOfBytes(bytes)}`, { bytes, type: mediaType });
    return `${REGISTRY}/${repository}@${digestOfBytes(bytes)}`;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const [, host = '', path = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? [];
    const { method = '' } = request;
    const body = Buffer.concat(parts);
    this.requests.push({ method, host, path, authorization: request.headers.authorization, body });
    const url = new URL(path, `https://${host}`);
    if (host === REGISTRY) return this.registry(method, url, body, request, response);
    const json = this.google(host, method, url, body.length === 0 ? {} : JSON.parse(body.toString()));
    response.statusCode = json === undefined ? 404 : 200;
    response.end(JSON.stringify(json ?? { error: { message: `no ${url.pathname}` } }));
  }

  private google(host: string, method: string, url: URL, body: Record<string, any>): unknown {
    const path = decodeURIComponent(url.pathname);
    const project = /^\/v1\/projects\/([^/]+)/.exec(path)?.[1] ?? '';
    const note = `projects/${project}/notes/pipeline`;
    const id = `//cloudkms.googleapis.com/v1/${this.keyVersion(project)}`;
    const { publicKey, privateKey } = this.keyOf(project);
    switch (`${method} ${host} ${path}`) {
      case `GET binaryauthorization.googleapis.com /v1/projects/${project}/attestors/pipeline`: {
        const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' });
        return {
          userOwnedGrafeasNote: {
            noteReference: note,
            publicKeys: [{ id, pkixPublicKey: { publicKeyPem } }],
          },
        };
      }
      case `POST cloudkms.googleapis.com /v1/${this.keyVersion(project)}:asymmetricSign`:
        return {
          signature: signDigest(this.signsWith ?? privateKey, Buffer.from(body['digest'].sha256, 'base64')),
        };
      case `POST binaryauthorization.googleapis.com /v1/projects/${project}/attestors/pipeline:validateAttestationOccurrence`:
        return this.isVerified(body['attestation'], id, publicKey, body['occurrenceResourceUri'])
          ? { result: 'VERIFIED' }
          : { result: 'ATTESTATION_NOT_VERIFIABLE', denialReason: 'no valid signature' };
      case `POST containeranalysis.googleapis.com /v1/projects/${project}/occurrences`:
        this.occurrences.push({ ...(body as Occurrence), project, kind: 'ATTESTATION' });
        return { name: `projects/${project}/occurrences/${this.occurrences.length}` };
      case `GET containeranalysis.googleapis.com /v1/projects/${project}/occurrences`:
      case `GET containeranalysis.googleapis.com /v1/${note}/occurrences`:
        return this.list(
          project,
          url.searchParams.get('filter') ?? '',
          path.includes('/notes/') ? note : undefined,
        );
      default:
        return undefined;
    }
  }

  private isVerified(attestation: any, id: string, key: KeyObject, resource: string): boolean {
    const payload = Buffer.from(attestation.serializedPayload, 'base64');
    const { critical } = JSON.parse(payload.toString());
    const digest = resource.slice(resource.indexOf('@') + 1);
    return (
      critical.type === 'Google cloud binauthz container signature' &&
      critical.image['docker-manifest-digest'] === digest &&
      `https://${critical.identity['docker-reference']}@${digest}` === resource &&
      attestation.signatures.some(
        (one: any) =>
          one.publicKeyId === id && verify('sha256', payload, key, Buffer.from(one.signature, 'base64')),
      )
    );
  }

  private list(project: string, filter: string, note: string | undefined): object {
    const kind = /kind="(\w+)"/.exec(filter)?.[1];
    const resource = /resourceUrl="([^"]+)"/.exec(filter)?.[1];
    const suffix = /has_suffix\(resourceUrl, "([^"]+)"\)/.exec(filter)?.[1];
    return {
      occurrences: this.occurrences.filter(
        (one) =>
          one.project === project &&
          (kind === undefined || one['kind'] === kind) &&
          (resource === undefined || one.resourceUri === resource) &&
          (suffix === undefined || one.resourceUri.endsWith(suffix)) &&
          (note === undefined || one.noteName === note),
      ),
    };
  }

  private registry(
    method: string,
    url: URL,
    body: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const reply = (status: number, headers: Record<string, string> = {}, content?: Buffer) =>
      void response.writeHead(status, headers).end(method === 'HEAD' ? undefined : content);
    const [, repository = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const key = `${repository}@${reference}`;
    const stored =
      kind === 'manifests'
        ? this.manifests.get(key)
        : { bytes: this.blobs.get(key), type: 'application/octet-stream' };
    if (method === 'GET' || method === 'HEAD') {
      if (stored?.bytes === undefined) return reply(404);
      return reply(200, { 'content-type': stored.type }, stored.bytes);
    }
    if (kind === 'blobs/uploads' && method === 'POST') {
      const mounted = this.blobs.get(`${url.searchParams.get('from')}@${url.searchParams.get('mount')}`);
      // One of the two ways: a registry may decline to mount.
      if (mounted && mounted.toString() === 'base layer') {
        this.blobs.set(`${repository}@${url.searchParams.get('mount')}`, mounted);
        return reply(201);
      }
      return reply(202, { location: `/v2/${repository}/blobs/uploads/1?state=x` });
    }
    if (kind === 'blobs/uploads' && method === 'PUT') {
      const digest = url.searchParams.get('digest') ?? '';
      if (digestOfBytes(body) !== digest) return reply(400, {}, Buffer.from('digest differs'));
      this.blobs.set(`${repository}@${digest}`, body);
      return reply(201);
    }
    const { config, layers = [], manifests = [] } = JSON.parse(body.toString());
    const isComplete =
      [config, ...layers].every(
        (one) => one === undefined || this.blobs.has(`${repository}@${one.digest}`),
      ) && manifests.every((one: { digest: string }) => this.manifests.has(`${repository}@${one.digest}`));
    if (digestOfBytes(body) !== reference || !isComplete)
      return reply(400, {}, Buffer.from('MANIFEST_BLOB_UNKNOWN'));
    this.manifests.set(key, { bytes: body, type: request.headers['content-type'] ?? '' });
    return reply(201);
  }
}

export function digestOfBytes(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** As `asymmetricSign`: the digest is signed, not hashed again. */
function signDigest(key: KeyObject, digest: Buffer): string {
  // Node signs messages only, so the digest is signed by openssl.
  return opensslSign(key.export({ type: 'pkcs8', format: 'pem' }) as string, digest).toString('base64');
}

function opensslSign(pem: string, digest: Buffer): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'kms-'));
  try {
    writeFileSync(join(folder, 'key.pem'), pem);
    const { status, stdout, stderr } = spawnSync(
      'openssl',
      ['pkeyutl', '-sign', '-inkey', join(folder, 'key.pem')],
      { input: digest },
    );
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
