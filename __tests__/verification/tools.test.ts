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
import { run } from '../../verification/toolchain/program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-tools-test-'));
  mkdirSync(join(folder, 'module'));
  writeFileSync(join(folder, 'module', 'go.sum'), 'lock 1');
});
afterEach(() => rmSync(folder, { recursive: true }));

function aGroup(overrides: Partial<ToolGroup> = {}): ToolGroup {
  return {
    name: 'hammer',
    files: ['head', 'handle'],
    sources: [join(folder, 'module')],
    expectedMinutes: 1,
    make: (target) => {
      for (const file of ['head', 'handle']) writeFileSync(join(target, file), 'made');
      return Promise.resolve();
    },
    ...overrides,
  };
}

const silently = () => undefined;

test('the cache is where the caller, then the desktop, says', () => {
  expect(cacheFolder({ LAB_TOOLS_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/retail-service-mesh/lab-tools');
});

test('a changed lock file makes the tools again, an unchanged one does not', async () => {
  let builds = 0;
  const group = aGroup({
    make: (target) => {
      builds += 1;
      return aGroup().make(target);
    },
  });
  const cache = join(folder, 'cache');

  const first = await ensureGroup(group, cache, silently);
  expect(await ensureGroup(group, cache, silently)).toBe(first);
  expect(builds).toBe(1);

  writeFileSync(join(folder, 'module', 'go.sum'), 'lock 2');
  expect(await ensureGroup(group, cache, silently)).not.toBe(first);
  expect(builds).toBe(2);
});

test('the key is that of the content, not of the folder it lies in', () => {
  const elsewhere = join(folder, 'copy');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'go.sum'), readFileSync(join(folder, 'module', 'go.sum')));

  expect(groupKey({ sources: [elsewhere] })).toBe(groupKey(aGroup()));
});

test('a build that fails leaves nothing that looks like a tool', async () => {
  const cache = join(folder, 'cache');
  const group = aGroup({
    make: (target) => {
      writeFileSync(join(target, 'head'), 'made');
      return Promise.reject(new Error('out of memory'));
    },
  });

  await expect(ensureGroup(group, cache, silently)).rejects.toThrow('out of memory');
  expect(readdirSync(cache)).toEqual([]);
});

test('two builds at the same time both end with the tools', async () => {
  const cache = join(folder, 'cache');
  const slowly = aGroup({
    make: async (target) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await aGroup().make(target);
    },
  });

  const [one, other] = await Promise.all([
    ensureGroup(slowly, cache, silently),
    ensureGroup(slowly, cache, silently),
  ]);

  expect(one).toBe(other);
  expect(existsSync(join(one, 'handle'))).toBe(true);
});

test('fails in one sentence when a program is missing', async () => {
  const missing = { name: 'no-such-compiler', fix: 'install Go 1.26 or newer' };

  await expect(run(missing, [], { cwd: folder, purpose: 'building the lab tools' })).rejects.toThrow(
    /^building the lab tools needs 'no-such-compiler': install Go 1.26 or newer$/,
  );
});

test('fails with what the program said last', async () => {
  const shell = { name: 'sh', fix: 'install a shell' };

  await expect(
    run(shell, ['-c', 'echo disk full >&2; exit 3'], { cwd: folder, purpose: 'building' }),
  ).rejects.toThrow(/^building failed: sh .*\ndisk full$/);
});
