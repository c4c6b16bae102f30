/** Reads what docs/runbooks/ says, so that the lab does exactly that. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../support/project-root';

export class RunbookPage {
  private readonly text: string;

  /** @param name without the ending `.md` */
  constructor(name: string) {
    this.text = readFileSync(join(projectRoot(), 'docs', 'runbooks', `${name}.md`), 'utf8');
  }

  /** Commands of all `sh` blocks, in order. Several on one line, with `&&`, are several commands. */
  get commands(): readonly string[] {
    return [...this.text.matchAll(/^[ ]*```sh\n([\s\S]*?)^[ ]*```$/gm)].flatMap(([, block = '']) =>
      block
        .split(/\n|&&/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    );
  }

  /**
   * The only command that starts so.
   *
   * @throws Error if there is none, or more than one
   */
  command(start: string): string {
    const found = [...new Set(this.commands.filter((command) => command.startsWith(start)))];
    if (found.length !== 1) throw new Error(`the runbook has ${found.length} commands '${start}…'`);
    return found[0] ?? '';
  }

  /** Rows of the table whose first column has code: `type` → `import id`. */
  get importIds(): ReadonlyMap<string, string> {
    return new Map(
      [...this.text.matchAll(/^\| `(\w+)`\s*\| `([^`]+)`\s*\|$/gm)].map(([, type = '', id = '']) => [
        type,
        id,
      ]),
    );
  }
}

/** Words of a command, with the words in capitals replaced. */
export function commandWords(command: string, values: Readonly<Record<string, string>>): string[] {
  return command.split(' ').map((word) =>
    word.replace(/\b[A-Z][A-Z_]*\b/g, (placeholder) => {
      const value = values[placeholder];
      if (value === undefined) throw new Error(`'${command}' needs a value for ${placeholder}`);
      return value;
    }),
  );
}
