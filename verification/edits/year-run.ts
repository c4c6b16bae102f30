/** Makes the edits of one year in order and sends each through its pull request. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../../model/gate';
import { checkReleases } from '../../tools/release/check';
import { LabError } from '../support/errors';
import { messageOf } from '../support/results';
import { pullRequestDifferences } from './comparison';
import { expectedVerdict, type CatalogueEdit, type EditVerdict, type Year } from './edit';
import {
  inCatalogue,
  pullRequestOf,
  stateOf,
  verdictOn,
  type PullRequest,
  type ShopState,
} from './pull-request';
import { ShopRepository } from './shop-repository';
import type { SynthesisCache } from './synthesis';

/** One edit after its pull request. */
export interface EditOutcome {
  readonly number: number;
  readonly edit: CatalogueEdit;
  readonly verdict: EditVerdict;
  /** The command that refused the edit says so. */
  readonly command?: string;
  readonly pullRequest: PullRequest;
  readonly before: Required<ShopState>;
  /** `undefined` if a command refused the edit. */
  readonly after?: ShopState;
  readonly differences: readonly string[];
}

const NOTHING: PullRequest = { violations: [], releases: [], reviews: [], critical: [] };

export class YearRun {
  private readonly repository: ShopRepository;
  private state: Required<ShopState> | undefined;

  /** @param folder must be empty */
  constructor(
    private readonly year: Year,
    private readonly folder: string,
    private readonly cache: SynthesisCache,
  ) {
    mkdirSync(folder, { recursive: true });
    this.repository = new ShopRepository(folder);
  }

  /** @param onEdit is called after each edit */
  async run(onEdit: (outcome: EditOutcome, seconds: number) => void): Promise<readonly EditOutcome[]> {
    const { fixture, since, edits } = this.year;
    this.repository.start(fixture, since);
    this.state = await this.synthesized(this.stateAt(0, since), 0);
    const outcomes: EditOutcome[] = [];
    let last = since;
    for (const [index, edit] of edits.entries()) {
      if (edit.at <= last) throw new LabError(`'${edit.name}' is not after the edit before it`);
      last = edit.at;
      const started = performance.now();
      const outcome = await this.edit(edit, index + 1);
      onEdit(outcome, (performance.now() - started) / 1_000);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  private async edit(edit: CatalogueEdit, number: number): Promise<EditOutcome> {
    const before = this.state;
    if (before === undefined) throw new Error('the year has not begun');
    const command = await this.make(edit);
    if (command !== undefined) return this.refusedByCommand(edit, number, before, command);
    const now = new Date(edit.at);
    const read = this.stateAt(number, edit.at);
    const releases = this.releaseViolations(before, now);
    let after: ShopState = read;
    let gate: readonly string[] = [];
    if (read.catalogue.violations.length === 0)
      try {
        after = await this.synthesized(read, number);
      } catch (error) {
        if (!(error instanceof GateError)) throw error;
        gate = error.message.split('\n');
      }
    const found = pullRequestOf(before, after, releases, now);
    const pullRequest = { ...found, violations: [...found.violations, ...gate] };
    const verdict = verdictOn(pullRequest, edit.accepted !== undefined);
    const expected = expectedVerdict(edit, pullRequest.critical.length > 0);
    const differences = [
      ...pullRequestDifferences(edit, pullRequest),
      ...(verdict === expected ? [] : [`${verdict}, expected ${expected}`]),
    ];
    if (verdict === 'not merged') this.repository.reject(number);
    else {
      this.repository.merge(edit);
      this.state = after as Required<ShopState>;
    }
    return { number, edit, verdict, pullRequest, before, after, differences };
  }

  /** @returns the message of a command that refuses the edit */
  private async make(edit: CatalogueEdit): Promise<string | undefined> {
    try {
      await this.repository.make(edit);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  private refusedByCommand(
    edit: CatalogueEdit,
    number: number,
    before: Required<ShopState>,
    command: string,
  ): EditOutcome {
    const differences = [
      ...(edit.command?.test(command) === true ? [] : [`the command refuses it: ${command}`]),
      ...(this.repository.hasChanges() ? ['the command that refuses it leaves changes behind'] : []),
    ];
    this.repository.discard();
    return { number, edit, verdict: 'not merged', command, pullRequest: NOTHING, before, differences };
  }

  private stateAt(number: number, at: string): ShopState {
    const config = join(this.folder, 'states', String(number), 'mesh-config');
    this.repository.copyTo(config);
    return stateOf(config, at.slice(0, 10));
  }

  private async synthesized(state: ShopState, number: number): Promise<Required<ShopState>> {
    const output = join(this.folder, 'states', String(number), 'cdktf.out');
    const stacks = await this.cache.stacksOf(state.catalogue);
    this.cache.link(state.catalogue, output);
    return { ...state, output, stacks };
  }

  /** By `mesh release check`, with a cluster that runs what was merged before the edit. */
  private releaseViolations({ catalogue }: ShopState, now: Date): string[] {
    const from = catalogue.environments.flatMap(({ promotion }) => promotion?.from ?? [])[0];
    const request = {
      base: 'HEAD~1',
      folder: this.repository.catalogue.path,
      change: undefined,
      environment: undefined,
      deployments: from === undefined ? undefined : this.repository.deployments(from, now, 'HEAD~1'),
      login: false,
    };
    return checkReleases(request, now).violations.map(inCatalogue);
  }
}
