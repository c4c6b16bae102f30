/** The standard methods of Google's APIs, with the tables of the products. @see https://google.aip.dev/130 */
import { requireReferences } from '../rules/references';
import { checkKeys } from '../rules/keys';
import { refuseIfInUse } from '../rules/in-use';
import { maskOf } from '../discovery/check-query';
import type { ApiCall, Context, Note } from './call';
import { isPolicyMethod, readPolicy, writePolicy } from './iam-policy';
import { camelCase, lastSegment, type ApiObject } from './json';
import { longRunningOperation } from './operation';
import type { CustomMethod, Engine, Given, Kind, Product } from './product';
import { refuse } from './refusal';
import { aip } from './source';
import { copyField, withoutUndefined } from './update';
import type { CloudState } from './world';

export type Products = Readonly<Record<string, Product>>;

export class CloudEngine implements Engine {
  constructor(
    readonly world: CloudState,
    private readonly products: Products,
  ) {}

  /** @returns body of the response. @throws Refusal */
  perform(call: ApiCall, note: Note): unknown {
    const { method, path } = call;
    const custom = this.customMethod(call);
    if (custom !== undefined) return custom(call, this, note);
    if (isPolicyMethod(path)) return this.policyMethod(call, note);
    if (isOperationRequest(call)) return this.readOperation(call);
    if (/[/:]setLabels$/.test(path)) return this.setLabels(call, note);
    if (method.httpMethod === 'GET')
      return method.id.endsWith('.list') ? this.list(call) : this.read(call.api, path);
    if (method.httpMethod === 'DELETE') return this.remove(call, note);
    if (/\.(create|insert)$/.test(method.id)) return this.create(call, note);
    if (method.httpMethod === 'PATCH' || method.httpMethod === 'PUT') return this.change(call, note);
    return refuse(501, 'UNIMPLEMENTED', `the cloud lab does not serve ${method.id}`, aip(136));
  }

  read(api: string, name: string): ApiObject {
    return (
      this.world.get(api, name) ?? refuse(404, 'NOT_FOUND', `The resource '${name}' was not found`, aip(131))
    );
  }

  create(call: ApiCall, note: Note, given: Given = {}): unknown {
    const { world } = this;
    const { api, path, method } = call;
    const isPut = method.httpMethod === 'PUT';
    const body = given.body ?? call.body;
    const collection = given.name ?? (isPut ? path.slice(0, path.lastIndexOf('/')) : path);
    const id = given.id ?? (isPut ? lastSegment(path) : requestedId(call, body)) ?? world.number();
    const name = `${collection}/${id}`;
    const context = { world, call, name, note };
    if (world.get(api, name))
      refuse(409, 'ALREADY_EXISTS', `The resource '${name}' already exists`, aip(133));
    if (world.reserved.has(world.key(api, name)))
      refuse(409, 'ALREADY_EXISTS', `The name '${name}' was in use and cannot be used again yet`, aip(133));
    this.requireParent(api, collection);
    checkKeys(world, api, name, body);
    requireReferences(world, body);
    const identity = this.products[api]?.identity ?? defaultIdentity;
    const kind = this.kind(api, lastSegment(collection));
    const resource = this.complete(kind, { ...structuredClone(body), ...identity(id, context) }, context);
    world.put(api, name, resource);
    kind.created?.(resource, context);
    return this.reply(context, resource, 'insert');
  }

  change(call: ApiCall, note: Note, given: Given = {}): unknown {
    const { world } = this;
    const { api } = call;
    const name = given.name ?? call.path;
    const body = given.body ?? call.body;
    const current = this.read(api, name);
    checkKeys(world, api, name, body);
    requireReferences(world, body);
    const changed = structuredClone(current);
    const mask = maskOf(call.query);
    if (mask.length === 0 || mask.includes('*'))
      for (const [field, value] of Object.entries(body))
        changed[field] = value === null ? undefined : structuredClone(value);
    for (const field of mask.filter((path) => path !== '*'))
      copyField(body, changed, field.split('.').map(camelCase));
    changed['name'] = current['name'];
    for (const field of ['fingerprint', 'etag'])
      if (current[field] !== undefined) changed[field] = world.fingerprint();
    const context = { world, call, name, note };
    const resource = this.complete(this.kindOf(api, name), changed, context);
    world.put(api, name, resource);
    return this.reply(context, resource, 'update');
  }

  remove(call: ApiCall, note: Note, given: Given = {}): unknown {
    const { world } = this;
    const { api } = call;
    const name = given.name ?? call.path;
    const resource = this.read(api, name);
    const context = { world, call, name, note };
    const kind = this.kindOf(api, name);
    kind.deleting?.(resource, context);
    refuseIfInUse(world, api, name);
    world.remove(api, name);
    kind.deleted?.(resource, context);
    return this.reply(context, resource, 'delete');
  }

  replace(call: ApiCall, note: Note, name: string, resource: ApiObject, type: string): unknown {
    this.world.put(call.api, name, resource);
    return this.reply({ world: this.world, call, name, note }, resource, type);
  }

  /** The resource, an operation or nothing, according to the method's response. */
  reply(context: Context, resource: ApiObject, type: string): unknown {
    const reference = context.call.method.response?.$ref ?? '';
    if (reference.endsWith('Operation')) return this.operation(context, resource, type);
    return reference === '' || reference.endsWith('Empty') ? {} : resource;
  }

  operation(context: Context, resource: ApiObject, type: string): ApiObject {
    const { world, call } = context;
    const id = `operation-${world.number()}`;
    const render = this.products[call.api]?.operation ?? longRunningOperation;
    const operation = render({ id, type, resource }, context);
    world.operations.set(`${call.api}/${id}`, operation);
    return operation;
  }

  private complete(kind: Kind, resource: ApiObject, context: Context): ApiObject {
    kind.check?.(resource, context);
    return withoutUndefined({ ...resource, ...kind.defaults?.(resource, context) });
  }

  private customMethod({ api, method }: ApiCall): CustomMethod | undefined {
    const methods = this.products[api]?.methods ?? {};
    return methods[method.id] ?? methods[method.id.split('.').slice(-2).join('.')];
  }

  private kind(api: string, collection: string): Kind {
    return this.products[api]?.kinds?.[collection] ?? {};
  }

  private kindOf(api: string, name: string): Kind {
    return this.kind(api, name.split('/').at(-2) ?? '');
  }

  private policyMethod(call: ApiCall, note: Note): unknown {
    const name = call.path.replace(/[/:][a-zA-Z]+$/, '');
    if (call.api !== 'cloudresourcemanager') this.read(call.api, name);
    return /getIamPolicy$/.test(call.path)
      ? readPolicy(this.world, call)
      : writePolicy(this.world, call, note);
  }

  private readOperation({ api, path }: ApiCall): ApiObject {
    const id = lastSegment(path.replace(/[/:]wait$/, ''));
    const operation = this.world.operations.get(`${api}/${id}`);
    return operation ?? refuse(404, 'NOT_FOUND', `Operation '${id}' was not found`, aip(151));
  }

  private list({ api, path, document, method }: ApiCall): ApiObject {
    const items = this.world.children(api, path);
    if (items.length === 0) return {};
    const properties = document.schemas[method.response?.$ref ?? '']?.properties ?? {};
    const [field = 'items'] =
      Object.entries(properties).find(
        ([name, { type, items: of }]) => type === 'array' && of?.$ref && name !== 'unreachable',
      ) ?? [];
    return { [field]: items };
  }

  private setLabels(call: ApiCall, note: Note): unknown {
    const name = call.path.replace(/[/:]setLabels$/, '');
    const resource = {
      ...this.read(call.api, name),
      labels: call.body['labels'],
      labelFingerprint: this.world.fingerprint(),
    };
    return this.replace(call, note, name, resource, 'setLabels');
  }

  /** The resource that contains the collection must exist. */
  private requireParent(api: string, collection: string): void {
    const parent = collection.split('/').slice(0, -1);
    const rest = [...parent];
    while (['projects', 'locations', 'regions', 'zones', 'global'].includes(rest[0] ?? ''))
      rest.splice(0, rest[0] === 'global' ? 1 : 2);
    if (rest.length > 0) this.read(api, parent.join('/'));
  }
}

function requestedId({ query }: ApiCall, body: ApiObject): string | undefined {
  const [, id] = [...query].find(([name]) => /(Id|_id)$/.test(name) && name !== 'requestId') ?? [];
  return id ?? (typeof body['name'] === 'string' ? lastSegment(body['name']) : undefined);
}

function isOperationRequest({ method, path }: ApiCall): boolean {
  return /(^|\/)operations\/[^/]+([/:]wait)?$/.test(path) || /[oO]perations\.(get|wait)$/.test(method.id);
}

function defaultIdentity(_id: string, { world, name }: Context): ApiObject {
  const time = world.timestamp();
  return { name, uid: world.uid(), createTime: time, updateTime: time, etag: world.fingerprint() };
}
