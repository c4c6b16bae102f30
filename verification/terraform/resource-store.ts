/** Resources as Google's newer APIs keep them: one name each, which is the path below the version. */

export type Resource = Readonly<Record<string, unknown>> & { readonly name: string };

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Create, read, change by mask, list and delete; nothing is checked, since what is asked here is whether it is kept. */
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
  answer(
    method: string,
    name: string,
    query: URLSearchParams,
    body: Readonly<Record<string, unknown>>,
  ): Answer {
    if (method === 'POST') return this.create(name, query, body);
    const found = this.resources.get(name);
    if (method === 'GET' && found === undefined && isCollection(name)) return ok(this.list(name));
    if (found === undefined) return violation(404, 'NOT_FOUND', `'${name}' was not found`);
    if (method === 'GET') return ok(found);
    if (method === 'PATCH') return ok(this.change(found, query, body));
    if (method !== 'DELETE') return violation(405, 'UNIMPLEMENTED', `${method} is not served`);
    this.resources.delete(name);
    return ok({});
  }

  private create(
    collection: string,
    query: URLSearchParams,
    body: Readonly<Record<string, unknown>>,
  ): Answer {
    this.created += 1;
    const chosen = [...query].find(([key]) => key.endsWith('Id'))?.[1];
    const name = `${collection}/${chosen ?? 1_000 + this.created}`;
    if (this.resources.has(name)) return violation(409, 'ALREADY_EXISTS', `'${name}' already exists`);
    const resource = { ...body, name };
    this.resources.set(name, resource);
    return ok(resource);
  }

  /** A field of the mask that the body lacks is emptied. */
  private change(found: Resource, query: URLSearchParams, body: Readonly<Record<string, unknown>>): Resource {
    const fields = query.get('updateMask')?.split(',') ?? Object.keys(body);
    const tops = new Set(fields.map((field) => field.split('.')[0] ?? field));
    const kept = Object.entries(found).filter(([field]) => !tops.has(field));
    const taken = Object.entries(body).filter(([field]) => tops.has(field));
    const changed = { ...Object.fromEntries([...kept, ...taken]), name: found.name };
    this.resources.set(found.name, changed);
    return changed;
  }

  private list(collection: string): Record<string, readonly Resource[]> {
    const kind = collection.split('/').at(-1) ?? '';
    const within = [...this.resources.values()].filter(
      ({ name }) => name.slice(0, name.lastIndexOf('/')) === collection,
    );
    return { [kind]: within };
  }
}

/** Names alternate between the collection and the resource in it. */
function isCollection(name: string): boolean {
  return name.split('/').length % 2 === 1;
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** As Google words a refusal. */
export function violation(code: number, status: string, message: string): Answer {
  return { status: code, body: { error: { code, status, message } } };
}
