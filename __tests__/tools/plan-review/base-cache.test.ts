import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseCache } from '../../../tools/plan-review/base-cache';

let work: string;
let cache: BaseCache;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'base-cache-'));
  cache = new BaseCache({ XDG_CACHE_HOME: join(work, 'caches') });
});
afterEach(() => rmSync(work, { recursive: true }));

const keyOf = (commit: string) => ({ commit, config: 'mesh-config', root: work });

function synthesized(text: string): string {
  const output = join(work, `out-${text}`);
  mkdirSync(output);
  writeFileSync(join(output, 'stack'), text);
  return output;
}

test('a commit is found again, another one is not', () => {
  expect(cache.find(keyOf('a'))).toBeUndefined();
  const kept = cache.keep(keyOf('a'), synthesized('a'));

  expect(cache.find(keyOf('a'))).toBe(kept);
  expect(readFileSync(join(kept, 'stack'), 'utf8')).toBe('a');
  expect(cache.find(keyOf('b'))).toBeUndefined();
  expect(cache.find({ ...keyOf('a'), config: 'other' })).toBeUndefined();
});

test('other packages make another synthesis', () => {
  cache.keep(keyOf('a'), synthesized('a'));
  mkdirSync(join(work, 'node_modules'));
  writeFileSync(join(work, 'node_modules/.package-lock.json'), '{}');

  expect(cache.find(keyOf('a'))).toBeUndefined();
});

test('the five most recently used are kept', () => {
  for (const [index, commit] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    const kept = cache.keep(keyOf(commit), synthesized(commit));
    utimesSync(kept, index + 1, index + 1);
  }
  cache.find(keyOf('a'));
  cache.keep(keyOf('f'), synthesized('f'));

  expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((commit) => cache.find(keyOf(commit)))).toEqual([
    'a',
    'c',
    'd',
    'e',
    'f',
  ]);
});

test('without a cache that can be written, the synthesis stays where it is', () => {
  writeFileSync(join(work, 'caches'), 'a file');
  const output = synthesized('a');

  expect(cache.keep(keyOf('a'), output)).toBe(output);
  expect(existsSync(output)).toBe(true);
  expect(cache.find(keyOf('a'))).toBeUndefined();
});

test('a cache that cannot be written is read', () => {
  const kept = cache.keep(keyOf('a'), synthesized('a'));
  // Root could write it in spite of its permissions.
  const utimes = jest.spyOn(fs, 'utimesSync').mockImplementation(() => {
    throw new Error('EROFS: read-only file system, utime');
  });

  expect(cache.find(keyOf('a'))).toBe(kept);
  expect(utimes).toHaveBeenCalledTimes(1);
  utimes.mockRestore();
});

test('an entry that another command removes meanwhile does not stop the pruning', () => {
  const folder = join(cache.keep(keyOf('a'), synthesized('a')), '..');
  symlinkSync(join(work, 'removed'), join(folder, 'removed-meanwhile'));
  for (const commit of ['b', 'c', 'd', 'e']) cache.keep(keyOf(commit), synthesized(commit));

  expect(['a', 'b', 'c', 'd', 'e'].filter((commit) => cache.find(keyOf(commit)))).toHaveLength(5);
});
