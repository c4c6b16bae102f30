import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../verification/repository/checks';

/** Scripts of package.json. */
export const NPM_SCRIPTS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync('package.json', 'utf8'),
).scripts;

/**
 * Every `npm run x`, `npm test` and `npx mesh x` in a text, as `run x` and `mesh x`, and the arguments of `npm run
 * verify` and `npm run check`, as `verify x` and `check x`.
 */
export function commandsIn(text: string): string[] {
  const scripts = [...text.matchAll(/npm (?:run (?:--silent |-s )?)([\w:-]+)/g)].map(
    ([, name]) => `run ${name}`,
  );
  const mesh = [...text.matchAll(/npx (?:--no-install )?mesh ([a-z]+)/g)].map(([, name]) => `mesh ${name}`);
  const verify = [...text.matchAll(/npm run verify -- ([a-z-]+)/g)].map(([, name]) => `verify ${name}`);
  const checks = [...text.matchAll(/npm run (?:verify -- check|check --)((?: [a-z][a-z-]*)+)/g)].flatMap(
    ([, names = '']) => names.trim().split(' '),
  );
  return [...scripts, ...mesh, ...verify, ...checks.map((name) => `check ${name}`)];
}

/** Sub-commands that the files declare. */
function commandsOf(files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\.command|new Command)\('([a-z-]+)/g)].map(
      ([, name = '']) => name,
    ),
  );
}

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  run: Object.keys(NPM_SCRIPTS),
  mesh: commandsOf(['tools/mesh.ts', 'tools/commands/canary.ts', 'tools/commands/release.ts']),
  verify: commandsOf(readdirSync('verification/commands').map((file) => join('verification/commands', file))),
  check: Object.keys(CHECKS),
};

/** The commands that do not exist. */
export function unknownCommands(commands: readonly string[]): string[] {
  return commands.filter((command) => {
    const [kind = '', name = ''] = command.split(' ');
    return !COMMANDS[kind]?.includes(name);
  });
}
