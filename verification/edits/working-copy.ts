/** A copy of the repository, with what is not committed yet, in which a catalogue is edited and checked. */
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLines, run, runSync } from '../../tools/process';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import type { Teardown } from '../support/teardown';
import { CatalogueFolder } from './catalogue-folder';

export interface Finished {
  readonly passed: boolean;
  /** Standard output and error. */
  readonly output: string;
}

export class WorkingCopy {
  readonly catalogue: CatalogueFolder;

  /** @param folder must not exist */
  constructor(
    private readonly folder: string,
    private readonly teardown: Teardown,
  ) {
    const root = projectRoot();
    git(root, 'clone', '--quiet', '--no-tags', root, folder);
    const changed = ['--modified', '--others', '--deleted', '--exclude-standard', '-z'];
    for (const file of git(root, 'ls-files', ...changed)
      .split('\0')
      .filter(Boolean)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      rmSync(join(folder, file), { force: true });
      if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    this.catalogue = new CatalogueFolder(join(folder, 'mesh-config'));
  }

  /** Path of a fixture catalogue. */
  fixture(name: string): string {
    return join(this.folder, '__tests__', 'catalogues', name);
  }

  /** Takes the catalogue away, except for its generated schemas. */
  removeCatalogue(): void {
    const { path } = this.catalogue;
    for (const name of ['mesh.yaml', 'services', 'external', 'environments', 'releases'])
      rmSync(join(path, name), { recursive: true, force: true });
  }

  /** Runs a program of the copy with Node, as `npm run` and `npx` do, on the copy's own catalogue. */
  async node(...args: readonly string[]): Promise<Finished> {
    const env: NodeJS.ProcessEnv = { ...process.env, CDKTF_OUTDIR: join(this.folder, 'cdktf.out') };
    delete env['MESH_CONFIG'];
    const child = run(process.execPath, args, { cwd: this.folder, env, all: true });
    this.teardown.add(
      async () => {
        child.kill();
        await child;
      },
      () => child.kill(),
    );
    const { failed, all } = await child;
    return { passed: !failed, output: all };
  }
}

function git(cwd: string, ...args: readonly string[]): string {
  const { failed, stdout, stderr } = runSync('git', args, { cwd });
  if (failed) throw new LabError(`git ${args[0]} failed: ${lastLines(stderr, 3)}`);
  return stdout;
}
