/**
 * The bucket of the Terraform state: the requests that the backend `gcs` sends, with generations, preconditions and the
 * rights that `mesh bootstrap` grants.
 *
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects
 * @see https://cloud.google.com/storage/docs/request-preconditions
 */
/** Where a backend keeps the state. */
export interface StatePlace {
  read(): string | undefined;
  write(text: string): void;
  remove(): void;
}

export interface BucketRequest {
  readonly verb: string;
  /** Path and query. */
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
  /** E-mail address. */
  readonly account: string;
}

export interface BucketResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Permissions `storage.objects.…`; listing counts as reading. */
export type ObjectAccess = 'get' | 'create' | 'delete';

/** Whether the account may do this with objects of the name. */
export type BucketRights = (account: string, access: ObjectAccess, object: string) => boolean;

interface StoredObject {
  readonly content: string;
  readonly generation: string;
}

export class StateBucket {
  private readonly objects = new Map<string, StoredObject>();
  private generation = 1_700_000_000_000_000;

  constructor(
    readonly name: string,
    private readonly rights: BucketRights,
  ) {}

  /** One object, without rights and preconditions. */
  place(object: string): StatePlace {
    return {
      read: () => this.objects.get(object)?.content,
      write: (content) => void this.store(object, content),
      remove: () => void this.objects.delete(object),
    };
  }

  answer({ verb, target, contentType, body, account }: BucketRequest): BucketResponse {
    const url = new URL(target, 'https://storage.googleapis.com');
    const { pathname, searchParams: query } = url;
    const api = `/storage/v1/b/${this.name}/o`;
    const upload = pathname === `/upload${api}` && verb === 'POST';
    const media = pathname.startsWith(`/${this.name}/`);
    if (upload) return this.upload(account, query, partsOf(contentType, body));
    if (pathname === api && verb === 'GET') return this.list(account, query);
    if (!media && !pathname.startsWith(`${api}/`))
      return problem(404, 'The specified bucket does not exist.');
    const object = decodeURIComponent(pathname.slice(media ? this.name.length + 2 : api.length + 1));
    if (verb === 'DELETE') return this.delete(account, query, object);
    return this.read(account, object, media || query.get('alt') === 'media');
  }

  private read(account: string, object: string, media: boolean): BucketResponse {
    if (!this.rights(account, 'get', object)) return denied(account, 'storage.objects.get', object);
    const stored = this.objects.get(object);
    if (stored === undefined) return problem(404, `No such object: ${this.name}/${object}`);
    const { content, generation } = stored;
    if (!media) return json(this.metadata(object, stored));
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-goog-generation': generation,
        'x-goog-metageneration': '1',
      },
      body: content,
    };
  }

  private list(account: string, query: URLSearchParams): BucketResponse {
    const prefix = query.get('prefix') ?? '';
    if (!this.rights(account, 'get', prefix)) return denied(account, 'storage.objects.list', prefix);
    const items = [...this.objects]
      .filter(([object]) => object.startsWith(prefix))
      .map(([object, stored]) => this.metadata(object, stored));
    return json({ kind: 'storage#objects', ...(items.length > 0 && { items }) });
  }

  private upload(
    account: string,
    query: URLSearchParams,
    [metadata = '{}', content = '']: readonly string[],
  ): BucketResponse {
    const object = query.get('name') ?? (JSON.parse(metadata) as { name: string }).name;
    if (!this.rights(account, 'create', object)) return denied(account, 'storage.objects.create', object);
    // As at Google, replacing takes the permission to delete.
    if (this.objects.has(object) && !this.rights(account, 'delete', object))
      return denied(account, 'storage.objects.delete', object);
    if (!this.meets(query, object))
      return problem(412, 'At least one of the pre-conditions you specified did not hold.');
    return json(this.metadata(object, this.store(object, content)));
  }

  private store(object: string, content: string): StoredObject {
    this.generation += 1;
    const stored = { content, generation: String(this.generation) };
    this.objects.set(object, stored);
    return stored;
  }

  private delete(account: string, query: URLSearchParams, object: string): BucketResponse {
    if (!this.rights(account, 'delete', object)) return denied(account, 'storage.objects.delete', object);
    if (!this.objects.has(object)) return problem(404, `No such object: ${this.name}/${object}`);
    if (!this.meets(query, object))
      return problem(412, 'At least one of the pre-conditions you specified did not hold.');
    this.objects.delete(object);
    return { status: 204, headers: {}, body: '' };
  }

  /** Generation 0 stands for an object that does not exist. */
  private meets(query: URLSearchParams, object: string): boolean {
    const wanted = query.get('ifGenerationMatch');
    return wanted === null || wanted === (this.objects.get(object)?.generation ?? '0');
  }

  private metadata(object: string, { content, generation }: StoredObject) {
    return {
      kind: 'storage#object',
      id: `${this.name}/${object}/${generation}`,
      bucket: this.name,
      name: object,
      generation,
      metageneration: '1',
      contentType: 'application/json',
      size: String(Buffer.byteLength(content)),
    };
  }
}

/** Parts of a multipart/related upload: metadata and content. */
function partsOf(contentType: string, body: string): string[] {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType) ?? [];
  return body
    .split(`--${quoted ?? plain ?? ''}`)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''));
}

function json(body: object): BucketResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function problem(code: number, message: string): BucketResponse {
  return { ...json({ error: { code, message } }), status: code };
}

function denied(account: string, permission: string, object: string): BucketResponse {
  return problem(403, `${account} does not have ${permission} access to the object ${object}.`);
}
