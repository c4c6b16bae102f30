/** Parses a YAML document by a zod schema. Issues become violations with path, value, rule and fix. */
import { z } from 'zod';
import { choices, didYouMean } from '../source/suggest';
import type { Violation } from '../source/violation';
import { formatPath, quote, type Path, type YamlDocument } from '../source/yaml-document';

type Issue = z.core.$ZodIssue;

/** A violation before it is located in a file. */
export interface SpecViolation {
  readonly path: Path;
  readonly rule: string;
  readonly fix?: string | undefined;
  /** Whether it is at the key instead of the value. */
  readonly atKey?: boolean;
}

export type Parsed<T> =
  { readonly spec: T; readonly findings: readonly [] } | { readonly findings: readonly SpecViolation[] };

export function parse<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { spec: result.data, findings: [] };
  return {
    findings: withoutDuplicates(result.error.issues.flatMap((issue) => findingsOf(schema, value, issue, []))),
  };
}

/** A misspelt key is also a missing key. Reports it once. */
function withoutDuplicates(findings: readonly SpecViolation[]): SpecViolation[] {
  const place = (path: Path, key: unknown) => JSON.stringify([...path.slice(0, -1), key]);
  const misspelt = new Set(
    findings.flatMap(({ path, fix }) => {
      const name = /^did you mean '(.+)'\?$/.exec(fix ?? '')?.[1];
      return name === undefined ? [] : [place(path, name)];
    }),
  );
  return findings.filter(({ path, rule }) => rule !== MISSING || !misspelt.has(place(path, path.at(-1))));
}

const MISSING = 'is missing';

export function locate(document: YamlDocument, finding: SpecViolation, prefix: Path = []): Violation {
  const violation = document.violation(
    [...prefix, ...finding.path],
    finding.rule,
    finding.fix,
    finding.atKey ? 'key' : 'value',
  );
  return { ...violation, path: formatPath([...prefix, ...finding.path]) };
}

function findingsOf(schema: z.ZodType, document: unknown, issue: Issue, prefix: Path): SpecViolation[] {
  const path: Path = [
    ...prefix,
    ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
  ];
  const value = valueAt(document, path);

  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, document, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      rule: `unknown key '${key}'`,
      fix: didYouMean(key, known) ?? (known.length > 0 ? `use one of ${known.join(', ')}` : 'remove it'),
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_union') {
    const [nearest = []] = [...issue.errors].sort((a, b) => unionDistance(a) - unionDistance(b));
    if (nearest.length > 0) return nearest.flatMap((inner) => findingsOf(schema, document, inner, path));
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    return [
      { path, rule: `'${String(path.at(-1))}' ${inner?.message ?? 'is not a valid name'}`, atKey: true },
    ];
  }
  if (value === undefined) return [{ path, rule: MISSING, fix: `add '${String(path.at(-1) ?? '')}'` }];
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return [
      {
        path,
        rule: `${quote(value)} is not one of ${allowed.join(', ')}`,
        fix: typeof value === 'string' ? didYouMean(value, allowed) : undefined,
      },
    ];
  }
  return [{ path, rule: `${quote(value)} ${ruleOf(issue)}` }];
}

/** Messages of our schemas start with "must". zod's own messages are replaced. */
function ruleOf(issue: Issue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must have at least ${issue.minimum} characters`
        : issue.inclusive === false
          ? `must be above ${issue.minimum}`
          : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    default:
      return 'is not allowed here';
  }
}

function article(expected: string): string {
  const words: Record<string, string> = {
    int: 'a whole number',
    number: 'a number',
    string: 'a string (in quotes)',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of keys',
    record: 'a map of keys',
  };
  return words[expected] ?? `of type ${expected}`;
}

/** The best matching branch has the fewest unknown and missing keys. */
function unionDistance(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length * 2 : 1),
    0,
  );
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    document,
  );
}

interface JsonSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** Keys that the schema allows at the path. */
function knownKeys(schema: z.ZodType, document: unknown, path: Path): string[] {
  let known = jsonSchemas.get(schema);
  if (known === undefined) {
    known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    jsonSchemas.set(schema, known);
  }
  let branches: JsonSchema[] = [known];
  for (const step of path) {
    branches = branches.flatMap(alternatives).flatMap((branch) => {
      if (typeof step === 'number') return branch.items ?? [];
      const next = branch.properties?.[step] ?? branch.additionalProperties;
      return typeof next === 'object' ? [next] : [];
    });
  }
  const present = Object.keys(valueAt(document, path) ?? {});
  const keys = branches.flatMap(alternatives).map((branch) => Object.keys(branch.properties ?? {}));
  // Of several branches, the one that has most keys in common with the document.
  keys.sort(
    (a, b) =>
      b.filter((key) => present.includes(key)).length - a.filter((key) => present.includes(key)).length,
  );
  return (keys[0] ?? []).filter((key) => key !== '$schema').sort();
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

/** `'cartt' is not a known service`, with the most similar name. */
export function unknownName(
  path: Path,
  name: string,
  kind: string,
  known: readonly string[],
  atKey = false,
): SpecViolation {
  return { path, rule: `'${name}' is not a known ${kind}`, fix: choices(name, known), atKey };
}
