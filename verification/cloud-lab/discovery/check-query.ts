/** Compares the query of a request, and the paths of its update mask, with its method. */
import { camelCase } from '../engine/json';
import type { MatchedMethod } from './discovery';
import type { Schema } from './document';
import { hasFormat } from './formats';
import type { SchemaViolation } from './violation';

/** Parameters of every Google API that some documents leave out. */
const COMMON = new Set(['alt', 'prettyPrint', 'fields', 'key', 'quotaUser', 'userProject', '$alt']);

export function checkQuery({ document, method }: MatchedMethod, query: URLSearchParams): SchemaViolation[] {
  const violations: SchemaViolation[] = [];
  const report = (name: string, message: string) =>
    violations.push({ path: `?${name}`, message, severity: 'error' });
  for (const [name, value] of query) {
    const parameter =
      method.parameters?.[name] ?? method.parameters?.[camelCase(name)] ?? document.parameters[name];
    if (parameter === undefined) {
      if (!COMMON.has(name)) report(name, 'unknown query parameter');
    } else if (parameter.enum !== undefined && !parameter.enum.includes(value))
      report(name, `'${value}' is not one of ${parameter.enum.join(', ')}`);
    else if (parameter.type === 'boolean' && !['true', 'false'].includes(value))
      report(name, `'${value}' is not a boolean`);
    else if (value !== '' && !hasFormat(value, parameter.format))
      report(name, `'${value}' is not ${parameter.format}`);
  }
  const names = new Set([...query.keys()].map(camelCase));
  for (const [name, { location, required, description = '' }] of Object.entries(method.parameters ?? {}))
    if (location === 'query' && (required || /^Required\b/.test(description)) && !names.has(name))
      report(name, 'required query parameter');
  return violations;
}

/** Paths of `updateMask`. Terraform's provider sends some of them in snake case. */
export function maskOf(query: URLSearchParams): readonly string[] {
  const mask = query.get('updateMask') ?? query.get('update_mask') ?? '';
  return mask.split(',').filter((path) => path !== '');
}

/** Each path of the mask must lead to a field of the body's schema. */
export function checkMask({ document, method }: MatchedMethod, mask: readonly string[]): SchemaViolation[] {
  const root = document.schemas[method.request?.$ref ?? ''];
  return mask
    .filter((path) => path !== '*')
    .flatMap((path) => {
      const missing = missingStep(document.schemas, root, path.split('.'));
      return missing === undefined
        ? []
        : [{ path: `?updateMask=${path}`, message: `no field '${missing}'`, severity: 'error' as const }];
    });
}

function missingStep(
  schemas: Readonly<Record<string, Schema>>,
  root: Schema | undefined,
  steps: readonly string[],
): string | undefined {
  let schema = root;
  for (const step of steps) {
    if (schema?.additionalProperties !== undefined) return undefined;
    const next: Schema | undefined = schema?.properties?.[camelCase(step)] ?? schema?.properties?.[step];
    if (next === undefined) return step;
    schema = next.$ref === undefined ? next : schemas[next.$ref];
  }
  return undefined;
}
