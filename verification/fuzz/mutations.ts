/** Mutations of a YAML text: typing errors, bad merges and attacks. */
import fc from 'fast-check';

type Mutation = (text: string) => string;

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

const KEYS = ['name', 'calls', 'timeoutMs', '$schema', 'on', 'y', '1', 'toString', '""'] as const;

const value = fc.constantFrom(...VALUES);
const spanLength = fc.integer({ min: 1, max: 40 });
/** In [0, 1), evenly distributed: `fc.double` prefers numbers near 0. */
const share = fc.noBias(fc.nat(999_999)).map((parts) => parts / 1_000_000);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  atPlace(
    fc.nat(255),
    (text, at, code) => text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1),
  ),
  atPlace(spanLength, (text, at, length) => text.slice(0, at) + text.slice(at + length)),
  atPlace(spanLength, (text, at, length) => text.slice(0, at + length) + text.slice(at)),
  atPlace(
    fc.constantFrom(...FRAGMENTS),
    (text, at, fragment) => text.slice(0, at) + fragment + text.slice(at),
  ),
  atPlace(fc.constant(undefined), (text, at) => text.slice(0, at)),
  atLine(fc.constant(undefined), (lines, at) => lines.splice(at, 1)),
  atLine(fc.constant(undefined), (lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  atLine(share, (lines, at, other) => {
    const to = Math.floor(other * lines.length);
    [lines[at], lines[to]] = [lines[to] ?? '', lines[at] ?? ''];
  }),
  atLine(fc.nat(4), (lines, at, spaces) => (lines[at] = ' '.repeat(spaces) + (lines[at] ?? '').trimStart())),
  {
    weight: 2,
    arbitrary: atLine(value, (lines, at, replacement) => {
      lines[at] = (lines[at] ?? '').replace(/(:\s+|- ).*$/, (_, start: string) => start + replacement);
    }),
  },
  // Misspells a key.
  atLine(share, (lines, at, place) => {
    lines[at] = (lines[at] ?? '').replace(/[A-Za-z]+(?=:)/, (key) => {
      const missing = Math.floor(place * key.length);
      return key.slice(0, missing) + key.slice(missing + 1);
    });
  }),
  // Adds a key.
  atLine(fc.tuple(fc.constantFrom(...KEYS), value), (lines, at, [key, added]) => {
    const indent = /^ */.exec(lines[at] ?? '')?.[0] ?? '';
    lines.splice(at, 0, `${indent}${key}: ${added}`);
  }),
);

/** The text after one to three mutations. */
export function mutated(text: string): fc.Arbitrary<string> {
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((mutations) => mutations.reduce((before, mutate) => mutate(before), text));
}

/** The place is drawn as a share, because the length of the text is unknown until the mutations before it are done. */
function atPlace<T>(detail: fc.Arbitrary<T>, change: (text: string, at: number, detail: T) => string) {
  return fc.tuple(share, detail).map(
    ([place, drawn]): Mutation =>
      (text) =>
        change(text, Math.floor(place * (text.length + 1)), drawn),
  );
}

function atLine<T>(detail: fc.Arbitrary<T>, change: (lines: string[], at: number, detail: T) => unknown) {
  return fc.tuple(share, detail).map(([place, drawn]): Mutation => (text) => {
    const lines = text.split('\n');
    change(lines, Math.floor(place * lines.length), drawn);
    return lines.join('\n');
  });
}
