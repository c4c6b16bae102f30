import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'waivers-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finding {
  readonly object: string;
  readonly value?: object;
  readonly context?: object;
}

const WAIVER = {
  check: 'pull-policy',
  objects: '^Deployment/',
  presumes: ['image-by-digest'],
  owner: 'team',
  reason: 'pinned',
};

function inNode(expression: string): string {
  const module = resolve('.ci/waivers.mjs');
  const program = `import { judge, readWaivers, CONDITIONS } from ${JSON.stringify(module)}; try { console.log(JSON.stringify(${expression})) } catch (error) { console.log(error.message) }`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim();
}

function judged(
  waivers: readonly object[],
  findings: readonly Finding[],
  names: readonly string[] = [],
): unknown {
  const complete = findings.map(({ object, value, context = {} }) => ({
    environment: 'prod',
    check: 'pull-policy',
    comment: 'not Always',
    object,
    value: value ?? null,
    context,
  }));
  const all = JSON.stringify([...names, ...findings.map(({ object }) => object)]);
  return JSON.parse(
    inNode(`judge(${JSON.stringify(waivers)}, ${JSON.stringify(complete)}, new Set(${all}))`),
  );
}

const pods = (...images: string[]) => ({
  spec: { template: { spec: { containers: images.map((image) => ({ image })) } } },
});
const PINNED = `registry.example/cart@sha256:${'1'.repeat(64)}`;

test('a waiver covers an object for which its reason holds', () => {
  expect(judged([WAIVER], [{ object: 'Deployment/a/cart', value: pods(PINNED) }])).toEqual([]);
});

test('a waiver does not cover an object for which its reason does not hold', () => {
  const value = pods(PINNED, 'registry.example/proxy:v1');

  expect(judged([WAIVER], [{ object: 'Deployment/a/cart', value }])).toEqual([
    'prod Deployment/a/cart: pull-policy: not Always; its waiver presumes image-by-digest, which does not hold',
  ]);
});

test('of two waivers one is enough, and each is used', () => {
  const other = { ...WAIVER, presumes: ['image-by-version'] };
  const findings = [{ object: 'Deployment/a/cart', value: pods('registry.example/cart:v1') }];

  expect(judged([WAIVER, other], findings)).toEqual([]);
});

test('a finding without a waiver is an error', () => {
  expect(judged([], [{ object: 'Deployment/a/cart', value: pods(PINNED) }])).toEqual([
    'prod Deployment/a/cart: pull-policy: not Always',
  ]);
});

test('a waiver without a finding is an error, unless no environment has such an object', () => {
  expect(judged([WAIVER], [], ['Deployment/a/cart'])).toEqual([
    'waiver of pull-policy for ^Deployment/ is unused; remove it',
  ]);
  expect(judged([WAIVER], [], ['Service/a/cart'])).toEqual([]);
});

test.each([
  [{ ...WAIVER, presumes: [] }, /needs objects, presumes, owner and reason/],
  [{ ...WAIVER, presumes: ['image-by-faith'] }, /presumes 'image-by-faith'; known: image-by-digest, /],
])('a waiver that cannot be checked is rejected: %j', (waiver, message) => {
  const file = join(folder, 'waivers.yaml');
  writeFileSync(file, JSON.stringify({ waivers: [waiver] }));

  expect(inNode(`readWaivers(${JSON.stringify(file)})`)).toMatch(message);
});

test.each(['.ci/checkov-waivers.yaml', '.ci/kube-score-waivers.yaml'])('%s is complete', (file) => {
  expect(JSON.parse(inNode(`readWaivers(${JSON.stringify(file)}).length`))).toBeGreaterThan(5);
});
