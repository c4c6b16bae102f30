/** The account that plans: it reads whatever a stack holds, and changes nothing, not even for a trial. */
import type { Environment } from '../../model/environment';
import { ApiError } from '../kubernetes/client';
import type { KubernetesObject } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { pipelineIdentities } from './pipeline-rights';
import { readStack } from './read-stack';
import type { SavedPlan, TerraformRig } from './rig';

/** Terraform repeats the whole stack in its complaints. */
const LONGEST_REASON = 300;

/**
 * Asks the API server as the account, for every object of an applied stack.
 *
 * @throws LabError at the first object that it may not read, or may write
 */
export async function demandReadOnly(
  rig: TerraformRig,
  { project }: Environment,
  stack: string,
): Promise<string> {
  const account = rig.objects.as(pipelineIdentities(project.id).plan);
  const manifests = Object.values(readStack(rig.stack(stack).folder).resource?.kubernetes_manifest ?? {});
  for (const { manifest } of manifests) {
    const object = { ...manifest, ...manifest.metadata, kind: manifest.kind } as const;
    const live = await account.get(object);
    const { managedFields: _owners, ...metadata } = live.metadata;
    for (const [what, request] of [
      ['apply', () => account.apply({ ...live, metadata }, { force: true })],
      ['apply for a trial', () => account.apply({ ...live, metadata }, { force: true, dryRun: true })],
      ['replace', () => account.replace(live)],
      ['delete', () => account.delete(object)],
    ] as const)
      await demandForbidden(request, `${what} ${nameOf(manifest)}`);
  }
  await demandForbidden(() => account.list('v1', 'Secret'), 'read secrets');
  return `${manifests.length} objects read, none written`;
}

/**
 * @param plan of Kubernetes objects alone: of an apply that fails half-way the first half would stay
 * @throws LabError if the account applies it
 */
export async function demandApplyRefused(rig: TerraformRig, plan: SavedPlan): Promise<string> {
  const message = await rig.apply(plan, 'plan').then(
    () => 'it was applied',
    (error: unknown) => String(error),
  );
  if (!/is forbidden:\s+User\s+"mesh-plan@/.test(message))
    throw new LabError(
      `${plan.stack}: the apply by the account that plans ended otherwise than forbidden: ${message.slice(0, LONGEST_REASON)}`,
    );
  return 'refused as forbidden';
}

async function demandForbidden(request: () => Promise<unknown>, what: string): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return;
    throw error;
  }
  throw new LabError(`the account that plans may ${what}`);
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
