import type { Call, Context, Note } from './call';
import type { JsonObject } from './json';
import type { World } from './world';

/** One collection of resources, such as `alertPolicies`. R is the part of the resource that the functions read. */
export interface Kind<R extends object = JsonObject> {
  /** Rules that the schema does not state. Called before the resource is stored; throws a Refusal. */
  readonly check?: (resource: R, context: Context) => void;
  /** Fields that the product sets. An `undefined` value removes the field. */
  readonly defaults?: (resource: R, context: Context) => JsonObject;
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
  readonly body?: JsonObject;
}

/** The standard methods, for methods of a product's own. */
export interface Engine {
  readonly world: World;
  /** @throws Refusal 404 */
  read(api: string, name: string): JsonObject;
  create(call: Call, note: Note, given?: Given): unknown;
  change(call: Call, note: Note, given?: Given): unknown;
  remove(call: Call, note: Note, given?: Given): unknown;
  /** Stores the resource and returns it, or the operation if the method returns one. */
  replace(call: Call, note: Note, name: string, resource: JsonObject, type: string): unknown;
  operation(context: Context, resource: JsonObject, type: string): JsonObject;
}

/** Serves a method that differs from the standard ones; returns the response's body. */
export type CustomMethod = (call: Call, engine: Engine, note: Note) => unknown;

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
  readonly identity?: (id: string, context: Context) => JsonObject;
  /** Renders a long-running operation. @default one of google.longrunning */
  readonly operation?: (operation: FinishedOperation, context: Context) => JsonObject;
}

export interface FinishedOperation {
  readonly id: string;
  /** `insert`, `update`, `delete`, … */
  readonly type: string;
  readonly resource: JsonObject;
}

/** Types the functions of a kind; the engine passes JSON. */
export function kind<R extends object>(definition: Kind<R>): Kind {
  return definition as unknown as Kind;
}
