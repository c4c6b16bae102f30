/** Resources of Google's newer APIs: the name of each is its path below the version. */

export type Resource = Readonly<Record<string, unknown>> & { readonly name: string };

export interface StoreReply {
  readonly status: number;
  readonly body: unknown;
}

/** Create, read, update by mask, list and delete. Nothing is validated. */
export class ResourceStore {
  private readonly resources = new Map<string, Resource>();
  private created = 0;

  get(name: string): Resource | undefined {
    return this.resources.get(name);
  }

  get names(): readonly string[] {
    return [...this.resources.keys()].sort();
  }

  /** @param name path below the version: of a collection when creating or listing, else of one resource */
  handle(
    method: string,
    name: string,
    query: URLSearchParams,
    body: Readonly<Record<string, unknown>>,
  ): StoreReply {
    if (method === 'POST') return this.create(name, query, body);
    const found = this.resources.get(name);
    if (method === 'GET' && found === undefined && isCollection(name)) return ok(this.list(name));
    if (found === undefined) return refusal(404, 'NOT_FOUND', `'${name}' was not found`);
    if (method === 'GET') return ok(found);
    if (method === 'PATCH') return ok(this.update(found, query, body));
    if (method !== 'DELETE') return refusal(405, 'UNIMPLEMENTED', `${method} is not served`);
    this.resources.delete(name);
    return ok({});
  }

  private create(
    collection: string,
    query: URLSearchParams,
    body: Readonly<Record<string, unknown>>,
  ): StoreReply {
    this.created += 1;
    const chosen = [...query].find(([key]) => key.endsWith('Id'))?.[1];
    const name = `${collection}/${chosen ?? 1_000 + this.created}`;
    if (this.resources.has(name)) return refusal(409, 'ALREADY_EXISTS', `'${name}' already exists`);
    const resource = { ...body, name };
    this.resources.set(name, resource);
    return ok(resource);
  }

  /** Fields of the mask that the body lacks are removed. */
  private update(found: Resource, query: URLSearchParams, body: Readonly<Record<string, unknown>>): Resource {
    const fields = query.get('updateMask')?.split(',') ?? Object.keys(body);
    const replaced = new Set(fields.map((field) => field.split('.')[0] ?? field));
    const unchanged = Object.entries(found).filter(([field]) => !replaced.has(field));
    const updated = Object.entries(body).filter(([field]) => replaced.has(field));
    const resource = { ...Object.fromEntries([...unchanged, ...updated]), name: found.name };
    this.resources.set(found.name, resource);
    return resource;
  }

  private list(collection: string): Record<string, readonly Resource[]> {
    const kind = collection.split('/').at(-1) ?? '';
    const within = [...this.resources.values()].filter(
      ({ name }) => name.slice(0, name.lastIndexOf('/')) === collection,
    );
    return { [kind]: within };
  }
}

/** The segments of a name alternate between collections and ids. */
function isCollection(name: string): boolean {
  return name.split('/').length % 2 === 1;
}

function ok(body: unknown): StoreReply {
  return { status: 200, body };
}

/** In Google's error format. */
export function refusal(code: number, status: string, message: string): StoreReply {
  return { status: code, body: { error: { code, status, message } } };
}
