import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FOLDERS = ['constructs', 'model', 'stacks', 'tools', 'verification', 'docs'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
);

const ROWS = readFileSync('docs/verify-on-cloud.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test.each(ROWS.map((cells) => [cells[0], cells] as const))('%s: has every cell', (_, cells) => {
  expect(cells.map((cell) => cell.length > 3)).toEqual([true, true, true, true, true]);
  expect(cells[2]).toContain('`');
});

test.each(ROWS.map((cells) => [cells[0], cells] as const))('%s: names files that exist', (_, cells) => {
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([\w./-]+\.(?:ts|mjs|yaml|md))`/g)]);
  const missing = named
    .map(([, file = '']) => file)
    .filter(
      (file) =>
        !FILES.some((known) => known === file || known.endsWith(`/${file}`) || basename(known) === file),
    );

  expect(missing.filter((file) => !file.endsWith('.yml'))).toEqual([]);
});

test('a command is concrete: it starts a program', () => {
  const vague = ROWS.filter(
    ([, , command = '']) =>
      !/`(?:[^`]*\b)?(?:gcloud|kubectl|curl|npm run|npx|gh|time npx|docker)\b|PromQL `|Metrics Explorer/.test(
        command,
      ),
  );

  expect(vague.map(([fact]) => fact)).toEqual([]);
});
