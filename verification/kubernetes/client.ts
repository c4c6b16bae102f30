import { Agent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { type KubernetesManifest, type ObjectReference } from './kubernetes-object';

/** An error response of the API server. */
export class ApiError extends Error {
  constructor(
    /** HTTP status: 403 for RBAC and admission policies, 409 for conflicts, 422 for validation errors. */
    readonly code: number,
    /** Machine-readable: `Forbidden`, `Conflict`, `Invalid`, `NotFound`, `AlreadyExists`, `BadRequest`. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** Identity for RBAC and admission policies. */
export interface Identity {
  /** `alice@shop.example`, or `system:serviceaccount:<namespace>:<name>`. */
  readonly user: string;
  /** In addition to `system:authenticated`. @default [] */
  readonly groups?: readonly string[];
}

export interface WriteOptions {
  /** Runs admission without storing the object. @default false */
  readonly dryRun?: boolean;
  /** @default 'lab' */
  readonly fieldManager?: string;
}

export interface ApplyOptions extends WriteOptions {
  /** Takes over fields of other managers instead of failing with a conflict. @default false */
  readonly force?: boolean;
}

export type PatchType = 'merge-patch' | 'json-patch' | 'strategic-merge-patch';

interface Connection {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/**
 * Client of an API server with one identity. Writes use strict field validation like Terraform's provider: unknown and
 * duplicate fields are errors. Error responses are thrown as `ApiError`.
 */
export class KubernetesClient {
  private readonly agent: Agent;

  constructor(
    private readonly connection: Connection,
    private readonly identity?: Identity,
    agent?: Agent,
    private readonly resources = new Map<string, Promise<ResourceList>>(),
  ) {
    this.agent = agent ?? new Agent({ keepAlive: true, maxSockets: 8, ca: connection.ca });
  }

  /** Client of the same server that impersonates another identity. */
  as(identity: Identity): KubernetesClient {
    return new KubernetesClient(this.connection, identity, this.agent, this.resources);
  }

  /** Server-side apply. */
  async apply(object: KubernetesManifest, options: ApplyOptions = {}): Promise<KubernetesManifest> {
    const path = await this.pathOf({ ...object, ...object.metadata, kind: object.kind });
    const query = { ...writeQuery(options), force: String(options.force ?? false) };
    return this.send<KubernetesManifest>('PATCH', path, { query, type: 'apply-patch+yaml', body: object });
  }

  /** Fails with 409 if the object exists. */
  async create(object: KubernetesManifest, options: WriteOptions = {}): Promise<KubernetesManifest> {
    const path = await this.collectionOf(object.apiVersion, object.kind, object.metadata.namespace);
    return this.send<KubernetesManifest>('POST', path, { query: writeQuery(options), body: object });
  }

  /** Update of the whole object, as `kubectl replace` does. */
  async replace(object: KubernetesManifest, options: WriteOptions = {}): Promise<KubernetesManifest> {
    const path = await this.pathOf({ ...object, ...object.metadata, kind: object.kind });
    return this.send<KubernetesManifest>('PUT', path, { query: writeQuery(options), body: object });
  }

  async patch(
    reference: ObjectReference,
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<KubernetesManifest> {
    const query = writeQuery(options);
    return this.send<KubernetesManifest>('PATCH', await this.pathOf(reference), {
      query,
      type: `${type}+json`,
      body: patch,
    });
  }

  async get(reference: ObjectReference): Promise<KubernetesManifest> {
    return this.send<KubernetesManifest>('GET', await this.pathOf(reference));
  }

  /** Objects of one namespace, or of all. */
  async list(
    apiVersion: string,
    kind: string,
    options: { readonly namespace?: string; readonly labelSelector?: string } = {},
  ): Promise<readonly KubernetesManifest[]> {
    const { namespaced } = await this.resourceOf(apiVersion, kind);
    const path = await this.collectionOf(
      apiVersion,
      kind,
      namespaced ? (options.namespace ?? '*') : undefined,
    );
    const query = options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector };
    const list = await this.send<{ items: readonly KubernetesManifest[] }>('GET', path, { query });
    return list.items.map((item) => ({ ...item, apiVersion, kind }));
  }

  async delete(reference: ObjectReference): Promise<void> {
    await this.send('DELETE', await this.pathOf(reference));
  }

  /** Sends any other request, such as for tokens, scales and `/readyz`. */
  async send<T = unknown>(
    method: string,
    path: string,
    options: {
      readonly query?: Readonly<Record<string, string>>;
      readonly type?: string;
      readonly body?: unknown;
    } = {},
  ): Promise<T> {
    const url = new URL(path, this.connection.url);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    const headers: Record<string, string | string[]> = {
      authorization: `Bearer ${this.connection.token}`,
      accept: 'application/json',
      'content-type': `application/${options.type ?? 'json'}`,
      ...(this.identity && {
        'impersonate-user': this.identity.user,
        'impersonate-group': [...(this.identity.groups ?? []), 'system:authenticated'],
      }),
    };
    const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const request = httpsRequest(url, { method, headers, agent: this.agent }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      request.on('error', reject);
      request.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });
    if (status >= 300) throw apiError(status, body);
    return parsed(body) as T;
  }

  /** Closes the keep-alive connections. */
  close(): void {
    this.agent.destroy();
  }

  private async pathOf(reference: ObjectReference): Promise<string> {
    const { namespaced } = await this.resourceOf(reference.apiVersion, reference.kind);
    const namespace = namespaced ? (reference.namespace ?? 'default') : undefined;
    const collection = await this.collectionOf(reference.apiVersion, reference.kind, namespace);
    return `${collection}/${encodeURIComponent(reference.name)}`;
  }

  private async collectionOf(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const { name, namespaced } = await this.resourceOf(apiVersion, kind);
    const within = namespaced && namespace !== '*' ? `/namespaces/${namespace ?? 'default'}` : '';
    return `${groupPath(apiVersion)}${within}/${name}`;
  }

  private async resourceOf(apiVersion: string, kind: string): Promise<ResourceList['resources'][number]> {
    const cached = this.resources.get(apiVersion);
    const known =
      cached && (await cached.catch(() => undefined))?.resources.find((item) => item.kind === kind);
    if (known) return known;
    // The definition may have been installed since.
    const requested = this.send<ResourceList>('GET', groupPath(apiVersion));
    this.resources.set(apiVersion, requested);
    const { resources } = await requested;
    const found = resources.find((item) => item.kind === kind && !item.name.includes('/'));
    if (!found) throw new ApiError(404, 'NotFound', `the API server has no ${kind} in ${apiVersion}`);
    return found;
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function writeQuery(options: WriteOptions): Record<string, string> {
  return {
    fieldManager: options.fieldManager ?? 'lab',
    fieldValidation: 'Strict',
    ...(options.dryRun && { dryRun: 'All' }),
  };
}

function apiError(status: number, text: string): ApiError {
  const body = parsed(text) as { reason?: string; message?: string };
  return new ApiError(status, body.reason ?? 'Unknown', body.message ?? text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // such as of `/readyz`
  }
}
