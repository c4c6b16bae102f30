import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { commandsIn, unknownCommands } from '../support/npm-scripts';

const FOLDER = 'docs/runbooks';
const FILES = readdirSync(FOLDER);
const text = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const blocksOf = (name: string) =>
  [...text(name).matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, block = '']) => block.replace(/^ +/gm, ''));

test('there is a runbook for every known situation', () => {
  expect(FILES).toEqual(
    expect.arrayContaining([
      'break-glass.md',
      'clear-a-weight-cap.md',
      'drift.md',
      'first-deploy.md',
      'region-loss.md',
      'restore-the-database.md',
      'rotate-a-key.md',
      'rotate-a-secret.md',
      'services-and-environments.md',
      'tear-down.md',
      'upgrade.md',
    ]),
  );
});

describe.each(FILES)('%s', (name) => {
  test('names only commands that exist', () => {
    expect(unknownCommands(commandsIn(text(name)))).toEqual([]);
  });

  test('has shell blocks that parse', () => {
    for (const block of blocksOf(name)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    }
  });

  test('links to pages that exist', () => {
    for (const [, target = ''] of text(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      expect([target, existsSync(join(dirname(join(FOLDER, name)), target))]).toEqual([target, true]);
  });
});
