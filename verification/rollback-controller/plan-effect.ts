/** What a plan would change in the cluster, by dry runs on the API server. */
import { isDeepStrictEqual } from 'node:util';
import { splitLabelOf } from '../../model/canary/split';
import { changesBeyondLowering, type RollbackPlan } from '../../tools/pipeline/rollback';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { readPlanJson } from '../terraform/plan-json';
import type { SavedPlan, TerraformRig } from '../terraform/rig';

/**
 * The plan after a rollback is not empty: Terraform's state has what it last sent, which was 90/10. But applying it
 * must change nothing in the cluster.
 *
 * @throws LabError if the plan does more than lower weights of canaries, or would change an object in the cluster
 */
export async function expectNoEffect(rig: TerraformRig, plan: SavedPlan, service: string): Promise<void> {
  const json = readPlanJson(plan.folder, plan.stack) as RollbackPlan;
  const more = changesBeyondLowering(json);
  if (more.length > 0)
    throw new LabError(`the plan does more than lower weights of canaries: ${more.join(', ')}`);
  const sent = (json.resource_changes ?? [])
    .filter(({ change }) => change.actions[0] === 'update')
    .map(({ change }) => change.after?.manifest as unknown as KubernetesManifest);
  const isOfService = ({ metadata }: KubernetesManifest) =>
    metadata.labels?.[splitLabelOf(service)] === 'true';
  if (sent.length === 0 || !sent.every(isOfService))
    throw new LabError(`the plan changes ${sent.length} routes, not those of '${service}'`);
  for (const object of sent) {
    const live = await rig.objects.get({ ...object, ...object.metadata, kind: object.kind });
    const after = await rig.objects.apply(object, { dryRun: true, force: true, fieldManager: 'Terraform' });
    if (!isDeepStrictEqual(effective(after), effective(live)))
      throw new LabError(`the plan changes ${object.kind} '${object.metadata.name}' in the cluster`);
  }
}

/** The fields that have an effect, and `generation`, in which the API server counts changes of the spec. */
function effective({ metadata, ...rest }: KubernetesManifest): unknown {
  const { labels, annotations, generation } = metadata;
  return { ...rest, labels, annotations, generation };
}
