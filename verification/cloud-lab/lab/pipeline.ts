/** Runs the pipeline's commands, as `npm run plan`, `apply`, `drift` and `destroy` do after the build. */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Environment } from '../../../model/environment';
import type { PipelineAccount } from '../../../model/naming';
import { run } from '../../../tools/process';
import { selectStacks, wavesOf } from '../../../tools/synthesized-stacks';
import { LabError } from '../../support/errors';
import { projectRoot } from '../../support/project-root';
import type { Journal } from '../server/journal';
import type { StateBucket } from '../server/state-bucket';
import { priorState, stateFile, StackState, type Managed } from './stack-state';

export interface PipelineOptions {
  readonly environment: Environment;
  readonly outputFolder: string;
  readonly folder: string;
  readonly environmentOf: (account: PipelineAccount) => NodeJS.ProcessEnv;
  readonly journal: Journal;
  /** @default local state */
  readonly stateBucket?: StateBucket;
}

export interface CommandResult {
  readonly status: number | undefined;
  readonly output: string;
}

/** What `mesh review --json` prints about one environment; only what the lab reads. */
export interface PlanReview {
  readonly headlines: readonly { readonly subject: string; readonly text: string }[];
  readonly flags: readonly {
    readonly id: string;
    readonly findings: readonly { readonly message: string; readonly location: string }[];
  }[];
  readonly resources: readonly {
    readonly stack: string;
    readonly address: string;
    readonly action: string;
    readonly previousAddress?: string;
  }[];
}

export class Pipeline {
  private readonly running = new Set<number>();

  constructor(private readonly options: PipelineOptions) {}

  /** Ids of the stacks, in waves. */
  get waves(): readonly (readonly string[])[] {
    const { outputFolder } = this.options;
    return wavesOf(selectStacks(outputFolder, this.name, [])).map((wave) => wave.map(({ id }) => id));
  }

  /** Ids of the stacks that differ from another synthesis, by the command that decides what a pull request plans. */
  async changed(base: string): Promise<readonly string[]> {
    const result = await this.command('plan', 'changed', ['--base', base]);
    if (result.status !== 0) throw failure('changed', result);
    const [, planned = '[]'] = /^planned=(.*)$/m.exec(result.output) ?? [];
    const environments = JSON.parse(planned) as { environment: string; stacks: string[] }[];
    return environments.find(({ environment }) => environment === this.name)?.stacks ?? [];
  }

  /** @throws LabError with Terraform's message */
  async plan(stacks: readonly string[]): Promise<void> {
    await this.succeed('plan', 'plan', [...stacks, '--env', this.name, '--plans', this.plans]);
  }

  /** As `plan`, without an error if it fails. */
  tryPlan(stacks: readonly string[], options: readonly string[] = []): Promise<CommandResult> {
    const args = [...stacks, '--env', this.name, '--plans', this.plans, ...options];
    return this.command('plan', 'plan', args);
  }

  /** Review of the saved plans by `mesh review`. */
  async review(stacks: readonly string[]): Promise<PlanReview> {
    const files = stacks.map((stack) => join(this.plans, `${stack}.json`));
    const result = await this.program('plan', join('tools', 'mesh.js'), ['review', '--json', ...files]);
    if (result.status !== 0) throw failure('review', result);
    const { environments } = JSON.parse(result.output) as { environments: PlanReview[] };
    const [review] = environments;
    if (review === undefined || environments.length > 1)
      throw new LabError(`${stacks.join(', ')}: not one review`);
    return review;
  }

  async apply(stacks: readonly string[]): Promise<void> {
    await this.succeed('apply', 'apply', this.applyArguments(stacks));
  }

  /** As `apply`, without an error if it fails. */
  tryApply(stacks: readonly string[]): Promise<CommandResult> {
    return this.command('apply', 'apply', this.applyArguments(stacks));
  }

  /** Ids of the stacks whose plan is not empty. */
  async drift(stacks: readonly string[]): Promise<readonly string[]> {
    const drifts = join(this.options.folder, 'drifts');
    const result = await this.command('plan', 'drift', [...stacks, '--env', this.name, '--plans', drifts]);
    if (result.status !== 0 && result.status !== 2) throw failure('drift', result);
    return stacks.filter((stack) => new RegExp(`^${stack}$`, 'm').test(result.output));
  }

  async destroy(): Promise<void> {
    const result = await this.tryDestroy();
    if (result.status !== 0) throw failure('destroy', result);
  }

  /** As `destroy`, without an error if it fails. */
  tryDestroy(): Promise<CommandResult> {
    const answers = `${this.name}\n${this.options.environment.project.id}\n`;
    return this.command('apply', 'destroy', [this.name], answers);
  }

  /** As `terraform untaint`, for every resource. */
  untaint(stack: string): void {
    const state = this.stateOf(stack);
    const json = state.read();
    for (const instance of json.resources.flatMap(({ instances }) => instances)) delete instance.status;
    state.write(json);
  }

  stateOf(stack: string): StackState {
    const { stateBucket, folder } = this.options;
    return new StackState(
      stateBucket?.place(`${stack}/default.tfstate`) ?? stateFile(join(folder, 'state', `${stack}.tfstate`)),
    );
  }

  /** The state that the saved plan of the stack starts from. */
  planned(stack: string): Managed {
    return priorState(join(this.plans, `${stack}.json`));
  }

  /** SIGINT lets Terraform save its state, as a cancelled job does; SIGKILL does not, as a lost runner. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void {
    for (const pid of this.running) process.kill(-pid, signal);
  }

  forgetState(stack: string): void {
    this.stateOf(stack).remove();
  }

  /** Runs Terraform itself in the folder of a stack, as a runbook does. */
  async terraform(stack: string, args: readonly string[]): Promise<CommandResult> {
    const { outputFolder } = this.options;
    const cwd = join(outputFolder, 'stacks', stack);
    return this.spawn('apply', 'terraform', args, cwd, '');
  }

  private get name(): string {
    return this.options.environment.name;
  }

  private get plans(): string {
    return join(this.options.folder, 'plans');
  }

  private applyArguments(stacks: readonly string[]): string[] {
    const approved = join(this.plans, 'summary.json');
    return [...stacks, '--env', this.name, '--plans', this.plans, '--approved', approved];
  }

  private async succeed(account: PipelineAccount, command: string, args: readonly string[]): Promise<void> {
    const result = await this.command(account, command, args);
    if (result.status !== 0) throw failure(command, result);
  }

  private command(
    account: PipelineAccount,
    command: string,
    args: readonly string[],
    input = '',
  ): Promise<CommandResult> {
    this.options.journal.step =
      `${command} ${args.filter((arg) => arg.startsWith(`${this.name}-`)).join(' ')}`.trim();
    return this.program(account, join('tools', 'pipeline', 'main.js'), [command, ...args], input);
  }

  private program(
    account: PipelineAccount,
    file: string,
    args: readonly string[],
    input = '',
  ): Promise<CommandResult> {
    const root = projectRoot();
    return this.spawn(account, process.execPath, [join(root, 'dist', file), ...args], root, input);
  }

  private async spawn(
    account: PipelineAccount,
    program: string,
    args: readonly string[],
    cwd: string,
    input: string,
  ): Promise<CommandResult> {
    const env = { ...process.env, ...this.options.environmentOf(account) };
    // A group of its own, so that a signal reaches Terraform as well.
    const child = run(program, args, { cwd, env, stdin: 'pipe', input, all: true, detached: true });
    const { pid } = child;
    if (pid !== undefined) this.running.add(pid);
    try {
      const { exitCode, all } = await child;
      return { status: exitCode, output: stripVTControlCharacters(all) };
    } finally {
      if (pid !== undefined) this.running.delete(pid);
    }
  }
}

function failure(command: string, { output }: CommandResult): LabError {
  const errors = output.split(/^(?=(?:╷|│ )?.*Error:)/m).filter((part) => part.includes('Error:'));
  const shown =
    errors.length > 0
      ? errors
          .map((part) => part.slice(0, 900))
          .slice(0, 8)
          .join('\n')
      : output.slice(-3_000);
  return new LabError(`${command} failed:\n${shown}`);
}
