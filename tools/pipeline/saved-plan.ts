/** Saves a plan for approval, and applies exactly that plan. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../command-line';
import type { SynthesizedStack } from '../synthesized-stacks';
import { Terraform, type PlanOutcome, type TerraformOptions } from './terraform';

/** Passed from the pipeline's plan job to its apply job. */
export interface PlanRecord {
  readonly stack: string;
  readonly outcome: PlanOutcome;
  /** Digest of the plan file. */
  readonly sha256: string;
}

/** Writes `<id>.tfplan` and `<id>.json`, readable only by the owner: they contain secrets. */
export async function savePlan(
  stack: SynthesizedStack,
  folder: string,
  options: TerraformOptions,
): Promise<PlanRecord> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const planFile = planFileOf(stack.id, folder);
  const terraform = new Terraform(stack, options);
  await terraform.init();
  const outcome = await terraform.plan(planFile);
  chmodSync(planFile, 0o600);
  writeFileSync(join(folder, `${stack.id}.json`), await terraform.show(planFile), { mode: 0o600 });
  return { stack: stack.id, outcome, sha256: digestOf(planFile) };
}

/**
 * Applies the plan saved for the stack.
 *
 * @param approved digest of the approved plan; if left out, any saved plan is applied
 * @throws UsageError if there is no plan, or it is not the approved one
 */
export async function applySavedPlan(
  stack: SynthesizedStack,
  folder: string,
  approved: string | undefined,
  options: TerraformOptions,
): Promise<void> {
  const planFile = planFileOf(stack.id, folder);
  if (!existsSync(planFile))
    throw new UsageError(`'${planFile}' is missing; run 'npm run plan' first, and have the plan approved`);
  if (approved !== undefined && digestOf(planFile) !== approved)
    throw new UsageError(`'${planFile}' is not the approved plan; plan again and have the new plan approved`);
  const terraform = new Terraform(stack, options);
  await terraform.init();
  await terraform.apply(planFile);
}

function planFileOf(id: string, folder: string): string {
  return resolve(folder, `${id}.tfplan`);
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
