import fc from 'fast-check';
import { JsonPicker, type Wanted } from '../../../tools/plan-review/json-picker';

const WANTED: Wanted = { version: 'value', list: 'elements', 'deep.er.list': 'elements' };

/** Values extracted from the text when it is written in chunks. */
function picked(text: string, chunkBytes: number): [string, unknown][] {
  const found: [string, unknown][] = [];
  const picker = new JsonPicker(WANTED, (path, value) => found.push([path, JSON.parse(value)]));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) picker.write(bytes.subarray(at, at + chunkBytes));
  picker.end();
  return found;
}

test('finds the same values as a parser, for any chunk size', () => {
  const entry = fc.jsonValue({ maxDepth: 3 });
  const document = fc.record(
    {
      before: entry,
      version: entry,
      list: fc.array(entry, { maxLength: 4 }),
      deep: fc.record({
        noise: entry,
        er: fc.record({ list: fc.array(entry, { maxLength: 3 }), list2: entry }),
      }),
      'after "all" \\': entry,
    },
    { requiredKeys: [] },
  );
  const property = fc.property(
    document,
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(0, 2),
    (json, size, indent) => {
      const expected = Object.entries(json).flatMap(([key, value]): [string, unknown][] => {
        if (key === 'version') return [['version', value]];
        if (key === 'list') return (value as unknown[]).map((element) => ['list', element]);
        const { er } = (value ?? {}) as { er?: { list?: unknown[] } };
        return key === 'deep' ? (er?.list ?? []).map((element) => ['deep.er.list', element]) : [];
      });
      expect(picked(JSON.stringify(json, null, indent), size)).toEqual(JSON.parse(JSON.stringify(expected)));
    },
  );
  fc.assert(property, { numRuns: 500, seed: 8 });
});

test('skips brackets, quotes and backslashes in strings', () => {
  const text = JSON.stringify({
    noise: ['}]", \\"', '\\', '{"list":[1]}'],
    list: ['a]\\"'],
    version: '\u2028ü',
  });

  for (const size of [1, 2, 3, 7, 1_000])
    expect(picked(text, size)).toEqual([
      ['list', 'a]\\"'],
      ['version', '\u2028ü'],
    ]);
});

test('rejects a text that is cut off anywhere', () => {
  const text = '{"a":[{"b":"c"}],"version":12,"list":[1,"x"],"deep":{"er":{"list":[]}}}';

  expect(() => picked(text, 5)).not.toThrow();
  for (let end = 0; end < text.length; end += 1)
    expect(() => picked(text.slice(0, end), 5)).toThrow('unexpected end of the text');
});

test.each([
  ['Terraform will perform', "unexpected 'T' at byte 0"],
  ['[1]', "unexpected '[' at byte 0"],
  ['{"a" 1}', "unexpected '1' at byte 5"],
  ['{a:1}', "unexpected 'a' at byte 1"],
  ['{"a":1,}', "unexpected '}' at byte 7"],
  ['{"list":[1,]}', "unexpected ']' at byte 11"],
  ['{"list":[,1]}', "unexpected ',' at byte 9"],
  ['{"a":}', "unexpected '}' at byte 5"],
  ['{"list":[}', "unexpected '}' at byte 9"],
  ['{} {}', "unexpected '{' at byte 3"],
])('rejects %s', (text, message) => {
  for (const size of [1, 100]) expect(() => picked(text, size)).toThrow(new SyntaxError(message));
});
