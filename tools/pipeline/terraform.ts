/** Runs Terraform in the folder of one stack. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE, lockNameOf, type Requirements } from '../../model/provider-locks';
import { UsageError } from '../command-line';
import { readJsonFile } from '../json-file';
import { isMissing } from '../process';
import type { SynthesizedStack } from '../synthesized-stacks';
import { runChild } from './child';

export interface TerraformOptions {
  /** Folder of the committed provider lock files, one for each set of providers. */
  readonly locks: string;
  readonly log: (message: string) => void;
  /**
   * How long to wait for the state lock, such as `10m`. Zero reports who holds it.
   *
   * @default 10m, which covers another pipeline's apply of the same stack
   */
  readonly lockTimeout?: string;
  /**
   * Hides Terraform's output unless it fails.
   *
   * @default false
   */
  readonly quiet?: boolean;
  /**
   * Environment variables of Terraform and its providers; they override those of this process.
   *
   * @default {}
   */
  readonly environment?: NodeJS.ProcessEnv;
}

interface Configuration extends Requirements {
  readonly terraform: Requirements['terraform'] & { readonly backend?: { readonly local?: unknown } };
}

export type PlanOutcome = 'changes' | 'no changes';

export class Terraform {
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly options: TerraformOptions,
  ) {}

  /**
   * Installs the providers of the committed lock file, if there is one. Synth has copied it already, but the copy
   * beside the JSON of a pull request may have been changed there.
   */
  async init(): Promise<void> {
    this.rejectLocalStateInPipelines();
    const name = lockNameOf(this.configuration());
    const lock = name === undefined ? undefined : join(this.options.locks, name);
    const locked = lock !== undefined && existsSync(lock);
    if (locked) copyFileSync(lock, join(this.stack.folder, LOCK_FILE));
    else if (lock !== undefined)
      this.options.log(`${this.stack.id}: no provider lock file; write it with 'npm run locks'`);
    await this.run(['init', '-input=false', '-no-color', ...(locked ? ['-lockfile=readonly'] : [])], 'quiet');
  }

  async validate(): Promise<void> {
    await this.run(['validate', '-no-color'], 'quiet');
  }

  async plan(planFile: string, ...more: readonly string[]): Promise<PlanOutcome> {
    const { status } = await this.run(
      [
        'plan',
        '-input=false',
        ...this.colour,
        this.lockTimeout,
        '-detailed-exitcode',
        `-out=${planFile}`,
        ...more,
      ],
      'shown',
      [0, 2],
    );
    return status === 2 ? 'changes' : 'no changes';
  }

  /** The plan as JSON. It contains secrets in clear text: never log it, never make it readable for others. */
  async show(planFile: string): Promise<string> {
    return (await this.run(['show', '-json', planFile], 'captured')).stdout;
  }

  /** Applies exactly this plan. Terraform rejects it if the state has changed since. */
  async apply(planFile: string): Promise<void> {
    await this.run(['apply', '-input=false', ...this.colour, this.lockTimeout, planFile], 'shown');
  }

  async destroy(): Promise<void> {
    await this.run(['destroy', '-input=false', ...this.colour, this.lockTimeout, '-auto-approve'], 'shown');
  }

  async lockProviders(platforms: readonly string[]): Promise<string> {
    await this.run(['providers', 'lock', ...platforms.map((platform) => `-platform=${platform}`)], 'quiet');
    return join(this.stack.folder, LOCK_FILE);
  }

  private get lockTimeout(): string {
    return `-lock-timeout=${this.options.lockTimeout ?? '10m'}`;
  }

  private get colour(): readonly string[] {
    return this.options.quiet ? ['-no-color'] : [];
  }

  private rejectLocalStateInPipelines(): void {
    const { CI } = { ...process.env, ...this.options.environment };
    if (CI === undefined || CI === 'false') return;
    const { terraform } = this.configuration();
    if (terraform.backend === undefined || terraform.backend.local !== undefined) {
      throw new UsageError(
        `'${this.stack.id}' has local state, which a pipeline would lose; set 'state: { backend: gcs, bucket: … }' in the environment file`,
      );
    }
  }

  private configuration(): Configuration {
    return readJsonFile<Configuration>(join(this.stack.folder, 'cdk.tf.json'));
  }

  private async run(
    args: readonly string[],
    output: 'shown' | 'quiet' | 'captured',
    accepted: readonly number[] = [0],
  ): Promise<{ readonly status: number; readonly stdout: string }> {
    const inheritOutput = output === 'shown' && !this.options.quiet;
    const env = {
      ...process.env,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      ...this.options.environment,
    };
    const result = await runChild('terraform', args, { cwd: this.stack.folder, env, inheritOutput });
    if (isMissing(result))
      throw new UsageError("'terraform' is not on the PATH; install Terraform 1.11 or newer");
    const { exitCode: status, stdout = '', stderr = '' } = result;
    if (status !== undefined && accepted.includes(status)) return { status, stdout };
    const details = inheritOutput ? ' above' : `:\n${stdout}${stderr}`.trimEnd();
    throw new UsageError(`${this.stack.id}: terraform ${args[0] ?? ''} failed; fix the error${details}`);
  }
}
