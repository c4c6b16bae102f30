import type { ApiCall, Context, Note } from './call';
import type { ApiObject } from './json';
import type { CloudState } from './world';

/** One collection of resources, such as `alertPolicies`. R is the part of the resource that the functions read. */
export interface Kind<R extends object = ApiObject> {
  /** Rules that the schema does not state. Called before the resource is stored; throws a Refusal. */
  readonly check?: (resource: R, context: Context) => void;
  /** Fields that the product sets. An `undefined` value removes the field. */
  readonly defaults?: (resource: R, context: Context) => ApiObject;
  readonly created?: (resource: R, context: Context) => void;
  /** Throws a Refusal if the resource cannot be deleted yet. */
  readonly deleting?: (resource: R, context: Context) => void;
  readonly deleted?: (resource: R, context: Context) => void;
}

export interface Given {
  /** Name of the resource, or of the collection when creating. @default the call's path */
  readonly name?: string;
  /** @default from the query or the body */
  readonly id?: string;
  /** @default the call's body */
  readonly body?: ApiObject;
}

/** The standard methods, for methods of a product's own. */
export interface Engine {
  readonly world: CloudState;
  /** @throws Refusal 404 */
  read(api: string, name: string): ApiObject;
  create(call: ApiCall, note: Note, given?: Given): unknown;
  change(call: ApiCall, note: Note, given?: Given): unknown;
  remove(call: ApiCall, note: Note, given?: Given): unknown;
  /** Stores the resource and returns it, or the operation if the method returns one. */
  replace(call: ApiCall, note: Note, name: string, resource: ApiObject, type: string): unknown;
  operation(context: Context, resource: ApiObject, type: string): ApiObject;
}

/** Serves a method that differs from the standard ones; returns the response's body. */
export type CustomMethod = (call: ApiCall, engine: Engine, note: Note) => unknown;

/** A table for each product; only what our stacks call. */
export interface Product {
  /** By the method's id, or its last two segments. */
  readonly methods?: Readonly<Record<string, CustomMethod>>;
  readonly kinds?: Readonly<Record<string, Kind>>;
  /**
   * Output fields that a new resource gets, besides those of the request.
   *
   * @default name, uid, createTime, updateTime and etag
   */
  readonly identity?: (id: string, context: Context) => ApiObject;
  /** Renders a long-running operation. @default one of google.longrunning */
  readonly operation?: (operation: FinishedOperation, context: Context) => ApiObject;
}

export interface FinishedOperation {
  readonly id: string;
  /** `insert`, `update`, `delete`, … */
  readonly type: string;
  readonly resource: ApiObject;
}

/** Types the functions of a kind; the engine passes JSON. */
export function kind<R extends object>(definition: Kind<R>): Kind {
  return definition as unknown as Kind;
}
