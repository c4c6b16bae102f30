/** A git repository with one shop, in which each edit is a commit, as its author makes it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '../../model/catalogue/load';
import { readRelease } from '../../tools/canary-release/snapshot';
import { canaryCommand } from '../../tools/commands/canary';
import { releaseCommand } from '../../tools/commands/release';
import { checkOut } from '../../tools/plan-review/git-tree';
import { lastLines, runSync } from '../../tools/process';
import { LabError } from '../support/errors';
import { CatalogueFolder } from './catalogue-folder';
import { completeRollouts, healthyEvidence } from './cluster-reports';
import type { CatalogueEdit, WorkingShop } from './edit';

const CATALOGUE = 'mesh-config';

export class ShopRepository {
  readonly catalogue: CatalogueFolder;
  private readonly repository: string;
  /** Time of the last commit of the main branch: what it deploys has run since then. */
  private deployedAt = '';

  /** @param folder for the repository and reports of the cluster */
  constructor(private readonly folder: string) {
    this.repository = join(folder, 'repository');
    mkdirSync(join(this.repository, CATALOGUE), { recursive: true });
    this.catalogue = new CatalogueFolder(join(this.repository, CATALOGUE));
    this.git(['init', '--quiet', '--initial-branch=main']);
  }

  /** The first commit. */
  start(fixture: string, at: string): void {
    this.catalogue.replaceBy(fixture);
    this.commit('Add the catalogue', 'platform team', at);
    this.deployedAt = at;
  }

  /**
   * Makes the edit and commits it.
   *
   * @throws Error of a command that refuses the edit
   */
  async make({ name, by, at, apply }: CatalogueEdit): Promise<void> {
    await apply(this.shopAt(new Date(at)));
    this.commit(name, by, at);
  }

  /** The commit stays on the main branch. */
  merge({ at }: CatalogueEdit): void {
    this.deployedAt = at;
  }

  /** Takes an edit that is not merged off the main branch; a branch keeps its commit. */
  reject(number: number): void {
    this.git(['branch', '--force', `rejected-${number}`]);
    this.discard('HEAD~1');
  }

  /** Undoes what a command that failed may have written. */
  discard(commit = 'HEAD'): void {
    this.git(['reset', '--quiet', '--hard', commit]);
    this.git(['clean', '--quiet', '--force', '-d']);
  }

  /** Copies the catalogue as it is in the commit. */
  copyTo(folder: string, commit = 'HEAD'): void {
    rmSync(folder, { recursive: true, force: true });
    checkOut(`${commit}:${CATALOGUE}`, this.repository, folder);
  }

  hasChanges(): boolean {
    return this.git(['status', '--porcelain']) !== '';
  }

  /**
   * File with the Deployments of the environment.
   *
   * @param commit that is deployed
   */
  deployments(environment: string, at: Date, commit = 'HEAD'): string {
    const deployed = join(this.folder, 'deployed');
    this.copyTo(deployed, commit);
    const { environments } = loadCatalogue(deployed, at.toISOString().slice(0, 10));
    const found = environments.find(({ name }) => name === environment);
    const rollouts = found === undefined ? { items: [] } : completeRollouts(found, this.deployedAt);
    return this.report('deployments', rollouts);
  }

  private shopAt(now: Date): WorkingShop {
    const { catalogue } = this;
    return {
      catalogue,
      release: async (...args) => {
        await releaseCommand(catalogue.path, ignore, () => now).parseAsync(args, { from: 'user' });
      },
      canary: async (...args) => {
        const sources = this.sourcesOf(args, now);
        const command = canaryCommand(catalogue.path, ignore, () => now);
        await command.parseAsync([...args, ...sources], { from: 'user' });
      },
    };
  }

  private sourcesOf([, service = '', ...options]: readonly string[], now: Date): string[] {
    const environment = options[options.indexOf('--env') + 1] ?? '';
    const evidence = healthyEvidence(readRelease(this.catalogue.path, { service, environment }, now));
    return [
      ['--metrics', this.report('evidence', evidence)],
      ['--weight-caps', this.report('weight-caps', { items: [] })],
      ['--deployments', this.deployments(environment, now)],
    ].flat();
  }

  private report(name: string, content: object): string {
    const file = join(this.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  private commit(subject: string, by: CatalogueEdit['by'], at: string): void {
    this.git(['add', '--all']);
    const name = by.replace(/^./, (first) => first.toUpperCase());
    const email = `${by.replace(' ', '-')}@shop.example`;
    this.git(['commit', '--quiet', `--message=${subject}`], {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: at,
    });
  }

  private git(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const { failed, stdout, stderr } = runSync('git', args, {
      cwd: this.repository,
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', HOME: this.folder, ...env },
    });
    if (failed) throw new LabError(`git ${args[0]} failed: ${lastLines(stderr, 3)}`);
    return stdout;
  }
}

function ignore(): void {
  // What the commands print is for people.
}
