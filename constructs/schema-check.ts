/** The JSON Schema keywords that the Istio schemas of `kubernetes-models` use. */
export interface ObjectSchema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly additionalProperties?: ObjectSchema;
  readonly required?: readonly string[];
  readonly items?: ObjectSchema;
  readonly allOf?: readonly ObjectSchema[];
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly not?: ObjectSchema;
  readonly $ref?: string;
}

const KEYWORDS: ReadonlySet<string> = new Set<keyof ObjectSchema>([
  'type',
  'nullable',
  'enum',
  'format',
  'properties',
  'additionalProperties',
  'required',
  'items',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  '$ref',
]);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
  number: Number.isFinite,
  object: isMap,
  string: (value) => typeof value === 'string',
};

const FORMATS: Readonly<Record<string, (value: unknown) => boolean>> = {
  binary: () => true,
  double: () => true,
  int32: (value) => typeof value !== 'number' || (Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31),
  int64: (value) => typeof value !== 'number' || Number.isInteger(value),
};

/**
 * Checks values against schemas without compiling them. Compiling the Istio schemas took an eighth of synth, for objects
 * that are checked once.
 */
export class SchemaCheck {
  private readonly schemas = new Map<string, ObjectSchema>();

  /** @throws if the schema, at any depth, uses a keyword that would not be checked */
  register(id: string, schema: ObjectSchema): void {
    if (this.schemas.has(id)) return;
    refuseUnknownKeywords(id, schema);
    this.schemas.set(id, schema);
  }

  /** What is wrong with the value, such as `spec.hosts must be array`; empty if it is valid. */
  errorsOf(id: string, value: unknown): string[] {
    return [...this.errors(this.schemaOf(id), value, '')];
  }

  private schemaOf(id: string): ObjectSchema {
    const schema = this.schemas.get(id);
    if (schema === undefined) throw new Error(`schema '${id}' is not registered`);
    return schema;
  }

  private *errors(schema: ObjectSchema, value: unknown, path: string): Generator<string> {
    const name = path === '' ? 'object' : path;
    if (schema.$ref !== undefined)
      yield* this.errors(this.schemaOf(schema.$ref.replace(/#$/, '')), value, path);
    if (schema.type !== undefined && !(schema.nullable && value === null) && !isOfType(schema.type, value))
      yield `${name} must be ${schema.type}`;
    if (schema.enum && !schema.enum.includes(value)) yield `${name} must be one of ${schema.enum.join(', ')}`;
    if (schema.format !== undefined && !isOfFormat(schema.format, value))
      yield `${name} must be ${schema.format}`;
    if (isMap(value)) yield* this.errorsOfMap(schema, value, path);
    if (schema.items && Array.isArray(value))
      for (const [index, item] of value.entries())
        yield* this.errors(schema.items, item, `${path}[${index}]`);
    yield* this.errorsOfAlternatives(schema, value, path, name);
  }

  private *errorsOfMap(
    schema: ObjectSchema,
    value: Readonly<Record<string, unknown>>,
    path: string,
  ): Generator<string> {
    for (const key of schema.required ?? [])
      if (value[key] === undefined) yield `${path === '' ? 'object' : path} must have '${key}'`;
    const { properties = {}, additionalProperties } = schema;
    for (const [key, inner] of Object.entries(value)) {
      const declared = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
      if (declared && inner !== undefined)
        yield* this.errors(declared, inner, path === '' ? key : `${path}.${key}`);
    }
  }

  private *errorsOfAlternatives(
    schema: ObjectSchema,
    value: unknown,
    path: string,
    name: string,
  ): Generator<string> {
    for (const part of schema.allOf ?? []) yield* this.errors(part, value, path);
    if (schema.anyOf && !schema.anyOf.some((part) => this.accepts(part, value)))
      yield `${name} matches no alternative of the schema`;
    if (schema.not && this.accepts(schema.not, value)) yield `${name} has fields that exclude each other`;
    if (!schema.oneOf) return;
    const matching = schema.oneOf.filter((part) => this.accepts(part, value)).length;
    // An optional reference is `oneOf: [$ref, null]`: its own errors say more.
    const [first, second] = schema.oneOf;
    if (matching === 0 && first && second?.type === 'null') yield* this.errors(first, value, path);
    else if (matching !== 1) yield `${name} must match one alternative of the schema, not ${matching}`;
  }

  private accepts(schema: ObjectSchema, value: unknown): boolean {
    return this.errors(schema, value, '').next().done === true;
  }
}

function isOfType(type: string, value: unknown): boolean {
  const test = TYPES[type];
  if (test === undefined) throw new Error(`schemas of type '${type}' cannot be checked`);
  return test(value);
}

function isOfFormat(format: string, value: unknown): boolean {
  const test = FORMATS[format];
  if (test === undefined) throw new Error(`values of format '${format}' cannot be checked`);
  return test(value);
}

function refuseUnknownKeywords(id: string, schema: ObjectSchema): void {
  for (const keyword of Object.keys(schema))
    if (!KEYWORDS.has(keyword)) throw new Error(`schema '${id}' uses '${keyword}', which cannot be checked`);
  const { properties = {}, additionalProperties, items, not, allOf = [], anyOf = [], oneOf = [] } = schema;
  for (const inner of [
    ...Object.values(properties),
    additionalProperties,
    items,
    not,
    ...allOf,
    ...anyOf,
    ...oneOf,
  ])
    if (inner !== undefined) refuseUnknownKeywords(id, inner);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
