/** Compares the body of a request with the schema of its method. */
import { camelCase, type ApiObject } from '../engine/json';
import type { MatchedMethod } from './discovery';
import type { Schema } from './document';
import { hasFormat } from './formats';
import type { SchemaViolation } from './violation';

const SHOWN = 160;

export interface BodyOptions {
  /** The request creates a resource without a mask: fields that the descriptions call required must be present. */
  readonly creates: boolean;
}

export function checkBody(
  { document, method }: MatchedMethod,
  body: ApiObject | undefined,
  { creates }: BodyOptions,
): SchemaViolation[] {
  const violations: SchemaViolation[] = [];
  const reference = method.request?.$ref;
  if (reference === undefined) {
    if (body !== undefined && Object.keys(body).length > 0)
      violations.push({ path: '', message: 'this method takes no body', severity: 'error' });
    return violations;
  }
  if (body !== undefined)
    new BodyCheck(document.schemas, method.id, creates, violations).value({ $ref: reference }, body, '');
  return violations;
}

class BodyCheck {
  constructor(
    private readonly schemas: Readonly<Record<string, Schema>>,
    private readonly methodId: string,
    private readonly creates: boolean,
    private readonly violations: SchemaViolation[],
  ) {}

  value(given: Schema, value: unknown, path: string): void {
    if (value === null || value === undefined) return;
    const schema = given.$ref === undefined ? given : (this.schemas[given.$ref] ?? {});
    switch (schema.type) {
      case 'object':
        if (typeof value !== 'object' || Array.isArray(value)) this.mismatch(path, value, 'an object');
        else this.object(schema, value as ApiObject, path);
        return;
      case 'array':
        if (Array.isArray(value))
          value.forEach((item, index) => this.value(schema.items ?? {}, item, `${path}[${index}]`));
        else this.mismatch(path, value, 'a list');
        return;
      case 'boolean':
        if (typeof value !== 'boolean') this.mismatch(path, value, 'a boolean');
        return;
      case 'integer':
      case 'number':
        this.number(schema, value, path);
        return;
      case 'string':
        this.text(schema, value, path);
        return;
      default: // 'any'
    }
  }

  private object(schema: Schema, value: ApiObject, path: string): void {
    const properties = schema.properties ?? {};
    for (const [name, child] of Object.entries(value)) {
      const at = join(path, name);
      const property = properties[name] ?? properties[camelCase(name)];
      if (property === undefined) {
        if (schema.additionalProperties !== undefined) this.value(schema.additionalProperties, child, at);
        else if (name !== '@type')
          this.report(at, `unknown field of ${schema.id ?? 'the object'}`, isEmpty(child) ? 'note' : 'error');
        continue;
      }
      if (property.deprecated && !isEmpty(child)) this.deprecated(at, property.description);
      this.value(property, child, at);
    }
    for (const [name, property] of Object.entries(properties))
      if (value[name] === undefined && this.isRequired(property))
        this.report(join(path, name), `required by ${schema.id ?? this.methodId}`, 'error');
  }

  private number(schema: Schema, value: unknown, path: string): void {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    if (!isNumber || Number.isNaN(Number(value))) return this.mismatch(path, value, 'a number');
    if (schema.type === 'integer' && !hasFormat(String(value), schema.format ?? 'int64'))
      this.report(path, `'${String(value)}' is not ${schema.format ?? 'an integer'}`, 'error');
  }

  private text(schema: Schema, value: unknown, path: string): void {
    const numeric = schema.format === 'int64' || schema.format === 'uint64';
    if (typeof value !== 'string' && !(numeric && typeof value === 'number'))
      return this.mismatch(path, value, 'a string');
    const text = String(value);
    if (text === '') return;
    if (!hasFormat(text, schema.format)) this.report(path, `'${text}' is not ${schema.format}`, 'error');
    if (schema.pattern !== undefined && !new RegExp(`^(?:${schema.pattern})$`).test(text))
      this.report(path, `'${text}' does not match ${schema.pattern}`, 'error');
    if (schema.enum === undefined) return;
    const choice = schema.enum.indexOf(text);
    const description = schema.enumDescriptions?.[choice] ?? '';
    if (choice < 0) this.report(path, `'${text}' is not one of ${schema.enum.join(', ')}`, 'error');
    else if (/no longer supported/i.test(description))
      this.report(path, `'${text}': ${description.slice(0, SHOWN)}`, 'error');
    else if (schema.enumDeprecated?.[choice]) this.deprecated(path, description, text);
  }

  /** Compute lists the methods that require a field. The newer APIs say it in the description. */
  private isRequired(property: Schema): boolean {
    if (property.readOnly || property.deprecated) return false;
    const methods = property.annotations?.required;
    if (methods !== undefined) return methods.includes(this.methodId);
    const description = property.description ?? '';
    // Ids are part of the path or the query, although their fields are described as required.
    return (
      this.creates &&
      /^Required[.:]/.test(description) &&
      !/resource name|Format:|relative|Identifier|format/i.test(description.slice(0, 200))
    );
  }

  private mismatch(path: string, value: unknown, expected: string): void {
    const found = Array.isArray(value) ? 'a list' : `${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
    this.report(path, `is ${found}, must be ${expected}`, 'error');
  }

  private deprecated(path: string, description = '', value?: string): void {
    const what = value === undefined ? 'deprecated' : `'${value}' is deprecated`;
    this.report(path, `${what}: ${description.slice(0, SHOWN)}`, 'deprecated');
  }

  private report(path: string, message: string, severity: SchemaViolation['severity']): void {
    this.violations.push({ path: path === '' ? '(body)' : path, message, severity });
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
