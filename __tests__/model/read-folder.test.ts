import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildCatalogue, checkCatalogue } from '../../model/catalogue/load';
import { CatalogueError } from '../../model/source/violation';
import { readMeshConfig } from '../../model/source/read-folder';
import { sourceFiles, TODAY } from '../support/catalogue-fixture';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-config-'));
  for (const name of ['services', 'external', 'environments', 'releases']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'mesh.yaml'), 'name: shop\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

function violations(): string[] {
  const { files, violations: ofFolders } = readMeshConfig(folder);
  const ofFiles = files.flatMap(({ file, problem }) => (problem === undefined ? [] : [{ file, ...problem }]));
  return [...ofFolders, ...ofFiles].map(
    ({ file, rule, fix }) => `${file.slice(file.lastIndexOf('/') + 1)} ${rule}; ${fix}`,
  );
}

test('reads every YAML file with its kind and name', () => {
  writeFileSync(join(folder, 'services/cart.yaml'), 'name: cart\n');

  const { files } = readMeshConfig(folder);

  expect(files.map(({ kind, stem }) => [kind, stem])).toEqual([
    ['mesh', 'mesh'],
    ['service', 'cart'],
  ]);
});

test.each<[string, () => void, string]>([
  [
    'an empty release file',
    () => writeFileSync(join(folder, 'releases/prod.yaml'), ''),
    "prod.yaml is empty; write 'services: {}'",
  ],
  [
    'an empty file',
    () => writeFileSync(join(folder, 'services/a.yaml'), ' \n'),
    'a.yaml is empty; add content or delete it',
  ],
  [
    'another extension',
    () => writeFileSync(join(folder, 'services/a.yml'), 'a: 1'),
    'a.yml is ignored; rename it to end in .yaml',
  ],
  [
    'a symbolic link',
    () => symlinkSync('/etc/hostname', join(folder, 'services/a.yaml')),
    'a.yaml is a symbolic link; replace it with the file',
  ],
  [
    'a folder',
    () => mkdirSync(join(folder, 'services/a.yaml')),
    'a.yaml is not a file; replace it with a YAML file',
  ],
  [
    'bytes that are not UTF-8',
    () => writeFileSync(join(folder, 'services/a.yaml'), Buffer.from([0x61, 0xff])),
    'a.yaml is not UTF-8; save it as UTF-8 text',
  ],
  [
    'UTF-16',
    () => writeFileSync(join(folder, 'services/a.yaml'), Buffer.from('a: 1', 'utf16le')),
    'a.yaml contains a NUL character; save it as UTF-8 text',
  ],
  [
    'a file that is too large',
    () => writeFileSync(join(folder, 'services/a.yaml'), 'a'.repeat(262_145)),
    'a.yaml has 262145 bytes, more than 262144; split it or shorten it',
  ],
  ['no mesh.yaml', () => rmSync(join(folder, 'mesh.yaml')), 'mesh.yaml is missing; create it'],
])('reports %s', (_name, corrupt, message) => {
  corrupt();
  expect(violations()).toEqual([message]);
});

test('reports a missing folder', () => {
  expect(readMeshConfig(join(folder, 'none')).violations.map(({ fix }) => fix)).toEqual([
    'run the command inside the repository, or set MESH_CONFIG to the folder that contains mesh.yaml',
  ]);
});

test('an unreadable file is one violation: references to it are none', () => {
  const files = sourceFiles().map((source) =>
    source.stem === 'cart' || source.stem === 'bank'
      ? { ...source, text: '', problem: { rule: 'is not a file', fix: 'replace it' } }
      : source,
  );

  expect(
    checkCatalogue({ files, violations: [] }, TODAY).violations.map(({ file, rule }) => [file, rule]),
  ).toEqual([
    ['external/bank.yaml', 'is not a file'],
    ['services/cart.yaml', 'is not a file'],
  ]);
});

test.each([
  ['a flow sequence', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['a flow map', '{a: '.repeat(20_000) + '1' + '}'.repeat(20_000)],
  ['a block sequence', '- '.repeat(20_000) + 'x'],
  ['a block map', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('%s that is nested too deeply is one violation', (_, text) => {
  const files = sourceFiles({ 'services/cart.yaml': text });
  const { violations: found } = checkCatalogue({ files, violations: [] }, TODAY);

  expect(found.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
    'services/cart.yaml is nested too deeply',
  ]);
});

test('any edit of a file results in a catalogue or in violations, never in a stack trace', () => {
  const files = sourceFiles();
  const edits = fc.record({
    file: fc.nat({ max: files.length - 1 }),
    at: fc.nat({ max: 1_200 }),
    remove: fc.nat({ max: 40 }),
    insert: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '\t',
        '{',
        '[',
        '- ',
        ': ',
        '&a ',
        '*a',
        '!!js ',
        '---\n',
        '[[[[[[[[',
        '${x}',
        '__proto__: 1\n',
      ),
    ),
  });
  fc.assert(
    fc.property(fc.array(edits, { minLength: 1, maxLength: 3 }), (list) => {
      const mutated = files.map((source, index) =>
        list
          .filter(({ file }) => file === index)
          .reduce(
            (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
            source.text,
          ),
      );
      try {
        buildCatalogue(
          {
            files: files.map((source, index) => ({ ...source, text: mutated[index] ?? '' })),
            violations: [],
          },
          TODAY,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(CatalogueError);
        expect((error as Error).message).not.toMatch(/^\s+at /m);
      }
    }),
    { numRuns: 400 },
  );
});

test('a deeply nested document is rejected without a stack overflow', () => {
  const text = `a: ${'['.repeat(50_000)}`;
  const files = [
    ...sourceFiles({ 'services/web.yaml': null }),
    { file: 'services/web.yaml', kind: 'service' as const, stem: 'web', text },
  ];

  expect(() => buildCatalogue({ files, violations: [] }, TODAY)).toThrow(CatalogueError);
});
