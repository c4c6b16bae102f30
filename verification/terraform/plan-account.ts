/** The account that plans may read every object of a stack and write none, not even as a dry run. */
import type { Environment } from '../../model/environment';
import { ApiError } from '../kubernetes/client';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { pipelineIdentities } from './pipeline-rights';
import { readStack } from './read-stack';
import type { SavedPlan, TerraformRig } from './rig';

/** Terraform repeats the whole stack in its error messages. */
const LONGEST_REASON = 300;

/**
 * Sends requests for every object of an applied stack as the account.
 *
 * @throws LabError at the first object that it may not read, or may write
 */
export async function assertReadOnly(
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
      ['dry-run', () => account.apply({ ...live, metadata }, { force: true, dryRun: true })],
      ['replace', () => account.replace(live)],
      ['delete', () => account.delete(object)],
    ] as const)
      await assertForbidden(request, `${what} ${nameOf(manifest)}`);
  }
  await assertForbidden(() => account.list('v1', 'Secret'), 'read secrets');
  return `${manifests.length} objects read, none written`;
}

/**
 * @param plan must change Kubernetes objects only: the Google provider writes values to the state that the API has
 *   refused, which makes the plan stale
 * @throws LabError if the account can apply it
 */
export async function assertApplyRefused(rig: TerraformRig, plan: SavedPlan): Promise<string> {
  const message = await rig.apply(plan, 'plan').then(
    () => 'it was applied',
    (error: unknown) => String(error),
  );
  if (!/is forbidden:\s+User\s+"mesh-plan@/.test(message))
    throw new LabError(
      `${plan.stack}: the apply by the account that plans was not forbidden: ${message.slice(0, LONGEST_REASON)}`,
    );
  return 'refused as forbidden';
}

async function assertForbidden(request: () => Promise<unknown>, what: string): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return;
    throw error;
  }
  throw new LabError(`the account that plans may ${what}`);
}

function nameOf({ kind, metadata }: KubernetesManifest): string {
  return `${kind} ${metadata.name}`;
}
