/** Runs the commands of a runbook as an operator types them, in a folder that stands for the repository. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run } from '../../../tools/process';
import { LabError } from '../../support/errors';
import { projectRoot } from '../../support/project-root';

/** Programs behind the first words of a command. `root` is the repository. */
const PROGRAMS: readonly (readonly [start: string, program: (root: string) => readonly string[]])[] = [
  ['npx mesh', (root) => [join(root, 'dist', 'tools', 'mesh.js')]],
  ['npm run synth', (root) => [join(root, 'dist', 'main.js')]],
  // The answer to its prompt; and no request to a registry, which Terraform needs to write a lock file.
  [
    'npm run deploy --',
    (root) => [join(root, '.ci', 'cdktf.mjs'), 'deploy', '--auto-approve', '--skip-provider-lock'],
  ],
  ...['waves', 'plan', 'apply', 'drift'].map(
    (name) =>
      [
        `npm run ${name} --`,
        (root: string) => [join(root, 'dist', 'tools', 'pipeline', 'main.js'), name],
      ] as const,
  ),
];

/** Lines of cdktf's spinner. */
const PROGRESS = /^[\u2800-\u28ff] .*\n+/gm;

export class OperatorShell {
  /** @param folder receives cdktf's settings; state, plans and stacks are written there */
  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    const root = projectRoot();
    const app = `node ${join(root, 'dist', 'main.js')}`;
    const settings = { language: 'typescript', app, sendCrashReports: 'false', projectId: 'cloud-lab' };
    writeFileSync(join(folder, 'cdktf.json'), JSON.stringify(settings));
    // Synth reads the files of assets below the repository.
    for (const name of ['node_modules', 'constructs']) symlinkSync(join(root, name), join(folder, name));
  }

  /** True for a command that this can run; `gcloud` is the caller's. */
  static runs(command: string): boolean {
    return PROGRAMS.some(([start]) => command.startsWith(start));
  }

  /**
   * @param variables override those of the shell
   * @returns its output
   * @throws LabError if it fails
   */
  async run(command: string, variables: NodeJS.ProcessEnv = {}): Promise<string> {
    const [start = '', program] = PROGRAMS.find(([words]) => command.startsWith(words)) ?? [];
    if (program === undefined) throw new LabError(`the lab cannot run '${command}'`);
    const args = [
      ...command
        .slice(start.length)
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => word.replace(/^'(.*)'$/, '$1')),
    ];
    const { exitCode, all } = await run(process.execPath, [...program(projectRoot()), ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.env, ...variables },
      all: true,
    });
    const output = stripVTControlCharacters(all).replace(PROGRESS, '');
    if (exitCode !== 0) throw new LabError(`'${command}' failed:\n${output.slice(-3_000)}`);
    return output;
  }
}
