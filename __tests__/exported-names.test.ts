import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['model', 'constructs', 'stacks', 'tools', 'verification'];
const DECLARATION =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|const|function|class|enum) (\w+)/gm;

/** Files that define each exported name. */
function definitions(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const folder of FOLDERS)
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts')) continue;
      const file = join(folder, entry);
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(DECLARATION))
        found.set(name, [...(found.get(name) ?? []), file]);
    }
  return found;
}

test('an exported name means one thing: no two files define it', () => {
  const names = definitions();
  const twice = [...names].filter(([, files]) => files.length > 1);

  expect(names.size).toBeGreaterThan(500);
  expect(Object.fromEntries(twice)).toEqual({});
});
