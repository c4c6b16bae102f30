import { readFileSync } from 'node:fs';

/** Scripts of package.json. */
export const NPM_SCRIPTS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync('package.json', 'utf8'),
).scripts;

/** Every `npm run x`, `npm test` and `npx mesh x` in a text, as `run x` and `mesh x`. */
export function commandsIn(text: string): string[] {
  const scripts = [...text.matchAll(/npm (?:run (?:--silent |-s )?)([\w:-]+)/g)].map(
    ([, name]) => `run ${name}`,
  );
  const mesh = [...text.matchAll(/npx (?:--no-install )?mesh ([a-z]+)/g)].map(([, name]) => `mesh ${name}`);
  return [...scripts, ...mesh];
}

/** Sub-commands of `npx mesh`, as its program declares them. */
export const MESH_COMMANDS: readonly string[] = ['tools/mesh.ts', 'tools/commands/canary.ts'].flatMap(
  (file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\.command|new Command)\('([a-z]+)/g)].map(
      ([, name = '']) => name,
    ),
);

/** What of the commands does not exist. */
export function unknownCommands(commands: readonly string[]): string[] {
  return commands.filter((command) => {
    const [kind, name = ''] = command.split(' ');
    return kind === 'run' ? NPM_SCRIPTS[name] === undefined : !MESH_COMMANDS.includes(name);
  });
}
