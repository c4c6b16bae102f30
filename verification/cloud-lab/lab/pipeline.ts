/** Runs the pipeline's commands, as `npm run plan`, `apply`, `drift` and `destroy` do after the build. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Environment } from '../../../model/environment';
import type { PipelineAccount } from '../../../model/naming';
import { selectStacks, wavesOf } from '../../../tools/synthesized-stacks';
import { LabError } from '../../support/errors';
import { projectRoot } from '../../support/project-root';
import type { Journal } from '../server/journal';

export interface PipelineOptions {
  readonly environment: Environment;
  readonly outputFolder: string;
  readonly folder: string;
  readonly environmentOf: (account: PipelineAccount) => NodeJS.ProcessEnv;
  readonly journal: Journal;
}

export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
}

export class Pipeline {
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly options: PipelineOptions) {}

  /** Ids of the stacks, in waves. */
  get waves(): readonly (readonly string[])[] {
    const { outputFolder, environment } = this.options;
    return wavesOf(selectStacks(outputFolder, environment.name, [])).map((wave) => wave.map(({ id }) => id));
  }

  /** @throws LabError with Terraform's message */
  async plan(stacks: readonly string[]): Promise<void> {
    await this.succeed('plan', 'plan', [...stacks, '--env', this.name, '--plans', this.plans]);
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
    const { environment } = this.options;
    await this.succeed('apply', 'destroy', [this.name], `${this.name}\n${environment.project.id}\n`);
  }

  /** As `terraform untaint`, for every resource. */
  untaint(stack: string): void {
    const file = this.stateOf(stack);
    const state = JSON.parse(readFileSync(file, 'utf8')) as {
      resources: { instances: { status?: string }[] }[];
    };
    for (const instance of state.resources.flatMap(({ instances }) => instances)) delete instance.status;
    writeFileSync(file, JSON.stringify(state));
  }

  /** Number of resources in the stack's state. */
  managed(stack: string): number {
    const file = this.stateOf(stack);
    const { resources } = JSON.parse(readFileSync(file, 'utf8')) as {
      resources: readonly { readonly mode: string; readonly instances: readonly unknown[] }[];
    };
    return resources
      .filter(({ mode }) => mode === 'managed')
      .reduce((sum, { instances }) => sum + instances.length, 0);
  }

  /** SIGINT lets Terraform save its state, as a cancelled job does; SIGKILL does not, as a lost runner. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void {
    for (const child of this.running) if (child.pid !== undefined) process.kill(-child.pid, signal);
  }

  forgetState(stack: string): void {
    rmSync(this.stateOf(stack), { force: true });
  }

  private stateOf(stack: string): string {
    return join(this.options.folder, 'state', `${stack}.tfstate`);
  }

  private get name(): string {
    return this.options.environment.name;
  }

  private get plans(): string {
    return join(this.options.folder, 'plans');
  }

  private applyArguments(stacks: readonly string[]): string[] {
    return [
      ...stacks,
      '--env',
      this.name,
      '--plans',
      this.plans,
      '--approved',
      join(this.plans, 'summary.json'),
    ];
  }

  private async succeed(
    account: PipelineAccount,
    command: string,
    args: readonly string[],
    input = '',
  ): Promise<void> {
    const result = await this.command(account, command, args, input);
    if (result.status !== 0) throw failure(command, result);
  }

  private async command(
    account: PipelineAccount,
    command: string,
    args: readonly string[],
    input = '',
  ): Promise<CommandResult> {
    this.options.journal.step =
      `${command} ${args.filter((arg) => arg.startsWith(`${this.name}-`)).join(' ')}`.trim();
    const root = projectRoot();
    const program = join(root, 'dist', 'tools', 'pipeline', 'main.js');
    const child = spawn(process.execPath, [program, command, ...args], {
      cwd: root,
      env: { ...process.env, ...this.options.environmentOf(account) },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    child.stdin.on('error', () => undefined).end(input);
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => output.push(text.toString()));
    try {
      const status = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve);
      });
      return { status, output: stripVTControlCharacters(output.join('')) };
    } finally {
      this.running.delete(child);
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
