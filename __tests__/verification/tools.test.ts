import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ToolGroup, cacheFolder, ensureGroup, groupKey } from '../../verification/toolchain/cache';
import { runTool } from '../../verification/toolchain/program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-tools-test-'));
  mkdirSync(join(folder, 'module'));
  writeFileSync(join(folder, 'module', 'go.sum'), 'lock 1');
});
afterEach(() => rmSync(folder, { recursive: true }));

function aGroup(overrides: Partial<ToolGroup> = {}): ToolGroup {
  return {
    name: 'example',
    files: ['one', 'other'],
    sources: [join(folder, 'module')],
    expectedMinutes: 1,
    make: (target) => {
      for (const file of ['one', 'other']) writeFileSync(join(target, file), 'built');
      return Promise.resolve();
    },
    ...overrides,
  };
}

const ignore = () => undefined;

test('the cache folder follows LAB_TOOLS_CACHE, then XDG_CACHE_HOME', () => {
  expect(cacheFolder({ LAB_TOOLS_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/retail-service-mesh/lab-tools');
});

test('a changed lock file rebuilds the tools, an unchanged one does not', async () => {
  let builds = 0;
  const group = aGroup({
    make: (target) => {
      builds += 1;
      return aGroup().make(target);
    },
  });
  const cache = join(folder, 'cache');

  const first = await ensureGroup(group, cache, ignore);
  expect(await ensureGroup(group, cache, ignore)).toBe(first);
  expect(builds).toBe(1);

  writeFileSync(join(folder, 'module', 'go.sum'), 'lock 2');
  expect(await ensureGroup(group, cache, ignore)).not.toBe(first);
  expect(builds).toBe(2);
});

test('the key depends on the content, not on the folder', () => {
  const elsewhere = join(folder, 'copy');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'go.sum'), readFileSync(join(folder, 'module', 'go.sum')));

  expect(groupKey({ sources: [elsewhere] })).toBe(groupKey(aGroup()));
});

test('a failed build leaves nothing in the cache', async () => {
  const cache = join(folder, 'cache');
  const group = aGroup({
    make: (target) => {
      writeFileSync(join(target, 'one'), 'built');
      return Promise.reject(new Error('out of memory'));
    },
  });

  await expect(ensureGroup(group, cache, ignore)).rejects.toThrow('out of memory');
  expect(readdirSync(cache)).toEqual([]);
});

test('two concurrent builds both succeed', async () => {
  const cache = join(folder, 'cache');
  const slowly = aGroup({
    make: async (target) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await aGroup().make(target);
    },
  });

  const [one, other] = await Promise.all([
    ensureGroup(slowly, cache, ignore),
    ensureGroup(slowly, cache, ignore),
  ]);

  expect(one).toBe(other);
  expect(existsSync(join(one, 'other'))).toBe(true);
});

test('the error about a missing program is one sentence', async () => {
  const missing = { name: 'no-such-compiler', fix: 'install Go 1.26 or newer' };

  await expect(runTool(missing, [], { cwd: folder, purpose: 'building the lab tools' })).rejects.toThrow(
    /^building the lab tools needs 'no-such-compiler': install Go 1.26 or newer$/,
  );
});

test('the error about a failed program has its last output', async () => {
  const shell = { name: 'sh', fix: 'install a shell' };

  await expect(
    runTool(shell, ['-c', 'echo disk full >&2; exit 3'], { cwd: folder, purpose: 'building' }),
  ).rejects.toThrow(/^building failed: sh .*\ndisk full$/);
});
