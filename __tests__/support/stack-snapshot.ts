/** Snapshots of a stack that a person can review: sorted, one value a line, embedded documents spelled out. */
import type { StackName } from '../../model/naming';
import { environmentNamed } from './catalogues';
import { addressesOf, synthEnvironment, type StackJson } from './synth';

/** Longest line of a text before it is folded. */
const LONGEST_LINE = 110;

/** Tests that the stack of the reference shop is what was last reviewed, in prod and in its differences elsewhere. */
export function testReviewedStack(name: StackName): void {
  const prod = stackOf('prod', name);

  test('prod', () => expect(readable(prod)).toMatchSnapshot());

  test('addresses in prod: a rename here is a destroy and a create there', () => {
    expect(addressesOf(prod)).toMatchSnapshot();
  });

  test.each(['dev', 'staging'])('%s differs from prod only where it is meant to', (environment) => {
    const other = stackOf(environment, name);
    const [there, here] = [new Set(addressesOf(prod)), new Set(addressesOf(other))];
    expect({
      onlyInProd: [...there].filter((address) => !here.has(address)),
      onlyHere: [...here].filter((address) => !there.has(address)),
      values: differences(prod, other).map((line) => folded(line)),
    }).toMatchSnapshot();
  });
}

function stackOf(environment: string, name: StackName): StackJson {
  const stack = synthEnvironment(environmentNamed(environment)).get(`${environment}-${name}`);
  if (stack === undefined) throw new Error(`no stack ${environment}-${name}`);
  return stack;
}

/** The value with JSON in texts parsed, and long texts as lists of lines. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
  if (typeof value !== 'string') return value;
  const document = embeddedJson(value);
  return document === undefined ? folded(value) : { 'JSON text': readable(document) };
}

function embeddedJson(text: string): object | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined; // a template or an expression
  }
}

/** A long or multi-line text as its lines, broken at spaces or commas; joined, they are the text. */
function folded(text: string): string | string[] {
  if (text.length <= LONGEST_LINE && !text.includes('\n')) return text;
  const pieces = text.split(/(?<=\n)/).flatMap((line) => line.match(FOLD) ?? [line]);
  return pieces.length === 1 ? text : pieces;
}

const FOLD = new RegExp(`[^]{1,${LONGEST_LINE}}(?<=[ ,;&|/\\n]|$)|[^]{1,${LONGEST_LINE}}`, 'g');

/** Changed leaves of resources that both have, as `path: prod → here`, names of environment and project aside. */
function differences(left: StackJson, right: StackJson): string[] {
  const neutral = (value: unknown) =>
    JSON.stringify(value)
      ?.replace(/shop-(prod|staging|dev)-example/g, 'PROJECT')
      .replace(/10000000000\d/g, 'NUMBER')
      .replace(/\b(api\.)?(www|staging|dev)\.shop\.example/g, '$1HOST')
      .replace(/\bapi\.shop\.example/g, 'api.HOST');
  const found: string[] = [];
  const compare = (a: unknown, b: unknown, path: string): void => {
    if (neutral(a) === neutral(b)) return;
    const [one, other] = [a, b].map((value) =>
      typeof value === 'string' ? (embeddedJson(value) ?? value) : value,
    );
    if (isObject(one) && isObject(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare(one[key], other[key], `${path}.${key}`);
    } else found.push(`${path}: ${neutral(one) ?? 'absent'} → ${neutral(other) ?? 'absent'}`);
  };
  for (const [type, resources] of Object.entries(left.resource ?? {})) {
    for (const [name, value] of Object.entries(resources)) {
      const other = right.resource?.[type]?.[name];
      if (other !== undefined) compare(value, other, `${type}.${name}`);
    }
  }
  return found.sort();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
