/** A discovery document: Google's own description of one version of an API. */
import { readFileSync } from 'node:fs';

export interface Schema {
  readonly id?: string;
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly enum?: readonly string[];
  readonly enumDeprecated?: readonly boolean[];
  readonly enumDescriptions?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  /** Methods that require the field; Compute Engine only. */
  readonly annotations?: { readonly required?: readonly string[] };
}

export interface Parameter extends Schema {
  readonly location?: 'path' | 'query';
  readonly required?: boolean;
  readonly repeated?: boolean;
}

interface RawMethod {
  readonly id: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly deprecated?: boolean;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

interface RawResource {
  readonly methods?: Readonly<Record<string, RawMethod>>;
  readonly resources?: Readonly<Record<string, RawResource>>;
}

interface RawDocument extends RawResource {
  readonly name: string;
  readonly version: string;
  readonly servicePath: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

export interface Method extends RawMethod {
  /** Matches the path of a URL without its leading slash; one group for each of `names`. */
  readonly expression: RegExp;
  readonly names: readonly string[];
}

export interface Document {
  readonly name: string;
  readonly version: string;
  readonly servicePath: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The most specific path first: `{+name}:destroy` before `{+name}`. */
  readonly methods: readonly Method[];
}

export function readDocument(file: string): Document {
  return compileDocument(JSON.parse(readFileSync(file, 'utf8')) as RawDocument);
}

export function compileDocument(raw: RawDocument): Document {
  const methods = methodsBelow(raw).map((method) => ({
    ...method,
    ...compilePath(raw.servicePath + method.path),
  }));
  const literal = ({ path }: RawMethod) => path.replace(/\{[^}]+\}/g, '').length;
  methods.sort((one, other) => literal(other) - literal(one));
  const { name, version, servicePath, parameters = {}, schemas } = raw;
  return { name, version, servicePath, parameters, schemas, methods };
}

function methodsBelow({ methods = {}, resources = {} }: RawResource): RawMethod[] {
  return [...Object.values(methods), ...Object.values(resources).flatMap(methodsBelow)];
}

/** `{+name}` takes several segments; `{name}` takes one, and a colon only at the end of the path. */
function compilePath(template: string): Pick<Method, 'expression' | 'names'> {
  const names: string[] = [];
  const parts = template.split(/(\{[^}]+\})/).map((part, index, all) => {
    const [, several, name] = /^\{(\+?)([^}]+)\}$/.exec(part) ?? [];
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(name);
    if (several === '+') return '(.+)';
    return all[index + 1] === '' ? '([^/]+)' : '([^/:]+)';
  });
  return { expression: new RegExp(`^${parts.join('')}$`), names };
}
