import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { addEnvironment } from '../../stacks';
import { RetailStack } from '../../stacks/retail-stack';
import { environmentNamed } from '../support/catalogues';

const outdir = mkdtempSync(join(tmpdir(), 'one-pass-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const app = new App({ outdir });
addEnvironment(app, environmentNamed('prod'));
app.synth();
const stacks = app.node.findAll().filter((node) => node instanceof RetailStack);

type Json = Record<string, any>;

test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
  "the JSON of %s is cdktf's own",
  (id, stack) => {
    const { moved: _moved, ...own } = structuredClone(stack.document) as Json;
    // What was added to the stack itself is not known to cdktf.
    delete own['resource'].terraform_data;
    delete own['//'].metadata.overrides?.stack;
    for (const source of Object.values<Json>(own['data']?.terraform_remote_state ?? {}))
      delete source['defaults'];
    const theirs = stack.toTerraform() as Json;
    theirs['//'].metadata.overrides ??= own['//'].metadata.overrides && {};

    expect([id, own]).toEqual([id, theirs]);
  },
);

test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
  'every file that %s runs is written beside it',
  (id, stack) => {
    const files = [...JSON.stringify(stack.document).matchAll(/assets\/[\w./-]+/g)].map(([file]) => file);
    expect(files.length > 0).toBe(id.endsWith('cluster-and-asm'));
    expect(files.filter((file) => !existsSync(join(outdir, 'stacks', id, file)))).toEqual([]);
  },
);

/** Paths of the values that JSON leaves out. */
function undefinedIn(value: unknown, path = ''): string[] {
  if (value === undefined) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => undefinedIn(inner, `${path}.${key}`));
}

test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
  'the gate checks exactly what is written of %s',
  (id, stack) => {
    const file = join(outdir, 'stacks', id, 'cdk.tf.json');
    expect(stack.document).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(undefinedIn(stack.document)).toEqual([]);
  },
);

test('keys of the JSON are sorted', () => {
  const text = readFileSync(join(outdir, 'stacks/prod-mesh-policies/cdk.tf.json'), 'utf8');
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((key) => [key, sorted((value as Json)[key])]),
          )
        : value;
  expect(text).toBe(JSON.stringify(sorted(JSON.parse(text)), null, 2));
});
