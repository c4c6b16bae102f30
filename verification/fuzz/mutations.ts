/** Mutations of a YAML text: typing errors, bad merges and attacks. */
import type { Random } from './random';

type Mutation = (text: string, random: Random) => string;

/** Values of another type, size or meaning. */
const VALUES = [
  'null',
  '~',
  'true',
  '-1',
  '0',
  '1e309',
  '0x7fffffffffffffff',
  '.nan',
  '9007199254740993',
  "''",
  "'   '",
  '[]',
  '{}',
  '[[[[]]]]',
  '{ a: { b: { c: d } } }',
  "'${data.google_secret.value}'",
  "'%{ for x in y }'",
  '*alias',
  '&anchor value',
  '!!binary aGVsbG8=',
  '!<tag:example.com,2000:x> 1',
  "'\\u0000'",
  '"\\u202e"',
  "'../../etc/passwd'",
  "'__proto__'",
  '2026-01-01',
  '12:34:56',
  'checkout',
  '/carts/*',
  `'${'a'.repeat(300)}'`,
] as const;

/** Fragments with a meaning in YAML. */
const FRAGMENTS = [
  ':',
  ': ',
  '- ',
  '\n',
  '\n---\n',
  '\n...\n',
  '\t',
  '#',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '|\n',
  '>-\n',
  '? ',
  '<<: *x\n',
  '&a ',
  '%YAML 1.1\n',
  '\u0000',
  '\ufeff',
  '\u2028',
  '🛒',
  '__proto__: { polluted: true }\n',
  'constructor: 1\n',
  '{'.repeat(200),
  '[ '.repeat(200),
] as const;

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  changeCharacter,
  removeSpan,
  repeatSpan,
  insertFragment,
  removeLine,
  repeatLine,
  swapLines,
  indentLine,
  replaceValue,
  replaceValue,
  misspellKey,
  addKey,
  truncate,
];

/** Applies one to three mutations. */
export function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let count = 1 + random.below(3); count > 0; count--) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}

function changeCharacter(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
}

function removeSpan(text: string, random: Random): string {
  const [from, to] = span(text, random);
  return text.slice(0, from) + text.slice(to);
}

function repeatSpan(text: string, random: Random): string {
  const [from, to] = span(text, random);
  return text.slice(0, to) + text.slice(from);
}

function insertFragment(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(FRAGMENTS) + text.slice(at);
}

function removeLine(text: string, random: Random): string {
  return withLines(text, (lines, at) => lines.splice(at, 1), random);
}

function repeatLine(text: string, random: Random): string {
  return withLines(text, (lines, at) => lines.splice(at, 0, lines[at] ?? ''), random);
}

function swapLines(text: string, random: Random): string {
  const other = random.next();
  return withLines(
    text,
    (lines, at) => {
      const to = Math.floor(other * lines.length);
      [lines[at], lines[to]] = [lines[to] ?? '', lines[at] ?? ''];
    },
    random,
  );
}

function indentLine(text: string, random: Random): string {
  const spaces = random.below(5);
  return withLines(
    text,
    (lines, at) => (lines[at] = ' '.repeat(spaces) + (lines[at] ?? '').trimStart()),
    random,
  );
}

function replaceValue(text: string, random: Random): string {
  const value = random.pick(VALUES);
  return withLines(
    text,
    (lines, at) =>
      (lines[at] = (lines[at] ?? '').replace(/(:\s+|- ).*$/, `$1${value.replace(/\$/g, '$$$$')}`)),
    random,
  );
}

function misspellKey(text: string, random: Random): string {
  const at = random.next();
  return withLines(
    text,
    (lines, index) =>
      (lines[index] = (lines[index] ?? '').replace(/[A-Za-z]+(?=:)/, (key) => {
        const cut = Math.floor(at * key.length);
        return key.slice(0, cut) + key.slice(cut + 1);
      })),
    random,
  );
}

function addKey(text: string, random: Random): string {
  const value = random.pick(VALUES);
  const key = random.pick(['name', 'calls', 'timeoutMs', '$schema', 'on', 'y', '1', 'toString', '""']);
  return withLines(
    text,
    (lines, at) => {
      const indent = /^ */.exec(lines[at] ?? '')?.[0] ?? '';
      lines.splice(at, 0, `${indent}${key}: ${value}`);
    },
    random,
  );
}

function truncate(text: string, random: Random): string {
  return text.slice(0, random.below(text.length + 1));
}

function span(text: string, random: Random): [number, number] {
  const from = random.below(text.length + 1);
  return [from, Math.min(text.length, from + 1 + random.below(40))];
}

function withLines(text: string, edit: (lines: string[], at: number) => unknown, random: Random): string {
  const lines = text.split('\n');
  edit(lines, random.below(lines.length));
  return lines.join('\n');
}
