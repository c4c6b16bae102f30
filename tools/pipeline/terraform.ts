/** Runs Terraform in the folder of one stack. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage-error';
import type { SynthesizedStack } from '../synthesized-stacks';

const LARGEST_OUTPUT_BYTES = 512 * 1024 * 1024;
/** Long enough for another pipeline's apply of the same stack. */
const LOCK_TIMEOUT = '10m';
const LOCK_FILE = '.terraform.lock.hcl';

export interface TerraformOptions {
  /** Folder of the committed provider locks, one a kind of stack. */
  readonly locks: string;
  readonly tell: (message: string) => void;
  /**
   * Keeps Terraform's own words back unless it fails.
   *
   * @default false
   */
  readonly quiet?: boolean;
}

/** What `terraform plan` found. */
export type PlanOutcome = 'changes' | 'no changes';

export class Terraform {
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly options: TerraformOptions,
  ) {}

  /** Fetches providers and state; versions and hashes are those of the committed lock, where there is one. */
  init(): void {
    this.refuseLocalStateInPipelines();
    const lock = join(this.options.locks, `${this.stack.kind}.hcl`);
    const locked = existsSync(lock);
    if (locked) copyFileSync(lock, join(this.stack.folder, LOCK_FILE));
    else this.options.tell(`${this.stack.id}: no provider lock; 'npm run locks' writes it`);
    this.run(['init', '-input=false', ...(locked ? ['-lockfile=readonly'] : [])], 'quiet');
  }

  plan(planFile: string, ...more: readonly string[]): PlanOutcome {
    const status = this.run(
      [
        'plan',
        '-input=false',
        `-lock-timeout=${LOCK_TIMEOUT}`,
        '-detailed-exitcode',
        `-out=${planFile}`,
        ...more,
      ],
      'shown',
      [0, 2],
    ).status;
    return status === 2 ? 'changes' : 'no changes';
  }

  /** The plan as JSON. It holds sensitive values in the clear: never log it, never leave it where others read. */
  show(planFile: string): string {
    return this.run(['show', '-json', planFile], 'captured').stdout;
  }

  /** Applies exactly the plan; Terraform itself refuses one made before the state last changed. */
  apply(planFile: string): void {
    this.run(['apply', '-input=false', `-lock-timeout=${LOCK_TIMEOUT}`, planFile], 'shown');
  }

  destroy(): void {
    this.run(['destroy', '-input=false', `-lock-timeout=${LOCK_TIMEOUT}`, '-auto-approve'], 'shown');
  }

  lockProviders(platforms: readonly string[]): string {
    this.run(['providers', 'lock', ...platforms.map((platform) => `-platform=${platform}`)], 'quiet');
    return join(this.stack.folder, LOCK_FILE);
  }

  private refuseLocalStateInPipelines(): void {
    if (process.env['CI'] === undefined || process.env['CI'] === 'false') return;
    const { terraform } = JSON.parse(readFileSync(join(this.stack.folder, 'cdk.tf.json'), 'utf8')) as {
      readonly terraform: { readonly backend?: { readonly local?: unknown } };
    };
    if (terraform.backend === undefined || terraform.backend.local !== undefined) {
      throw new UsageError(
        `'${this.stack.id}' keeps its state on this machine, which a pipeline forgets; set state: { backend: gcs, bucket: … } in the environment file`,
      );
    }
  }

  private run(
    args: readonly string[],
    wanted: 'shown' | 'quiet' | 'captured',
    accepted: readonly number[] = [0],
  ): { readonly status: number; readonly stdout: string } {
    const output = wanted === 'shown' && this.options.quiet ? 'quiet' : wanted;
    const { error, status, stdout, stderr } = spawnSync('terraform', args, {
      cwd: this.stack.folder,
      encoding: 'utf8',
      maxBuffer: LARGEST_OUTPUT_BYTES,
      stdio: output === 'shown' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
    });
    if (error) throw new UsageError("'terraform' is not on the PATH; install Terraform 1.11 or newer");
    if (status !== null && accepted.includes(status)) return { status, stdout };
    const said = output === 'shown' ? '' : `\n${stdout}${stderr}`.trimEnd();
    throw new UsageError(
      `${this.stack.id}: terraform ${args[0] ?? ''} failed; put right what it says${output === 'shown' ? ' above' : `:${said}`}`,
    );
  }
}
