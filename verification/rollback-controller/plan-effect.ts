/** What a plan would do to the cluster, as the API server itself says. */
import { SPLIT_LABEL } from '../../model/canary/split';
import { isDeepStrictEqual } from 'node:util';
import { beyondLowering, type PlanJson } from '../../tools/pipeline/rollback';
import type { KubernetesObject } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { readPlan } from '../terraform/plan-json';
import type { SavedPlan, TerraformRig } from '../terraform/rig';

/**
 * After a rollback the plan cannot be empty: what Terraform last sent is part of its state, and that was 90/10.
 * But all that it sends is there already.
 *
 * @throws LabError if the plan does more than take weight from canaries, or an object would come out otherwise than it is
 */
export async function expectNoEffect(rig: TerraformRig, plan: SavedPlan, service: string): Promise<void> {
  const json = readPlan(plan.folder, plan.stack) as PlanJson;
  const more = beyondLowering(json);
  if (more.length > 0)
    throw new LabError(`the plan does more than take weight from canaries: ${more.join(', ')}`);
  const sent = (json.resource_changes ?? [])
    .filter(({ change }) => change.actions[0] === 'update')
    .map(({ change }) => change.after?.manifest as unknown as KubernetesObject);
  const isOfService = ({ metadata }: KubernetesObject) => metadata.labels?.[SPLIT_LABEL] === service;
  if (sent.length === 0 || !sent.every(isOfService))
    throw new LabError(`the plan changes ${sent.length} routes, not those of '${service}'`);
  for (const object of sent) {
    const live = await rig.objects.get({ ...object, ...object.metadata, kind: object.kind });
    const after = await rig.objects.apply(object, { dryRun: true, force: true, fieldManager: 'Terraform' });
    if (!isDeepStrictEqual(essence(after), essence(live)))
      throw new LabError(`the plan changes ${object.kind} '${object.metadata.name}' in the cluster`);
  }
}

/** Everything that takes effect; the API server counts each change of the spec in `generation`. */
function essence({ metadata, ...rest }: KubernetesObject): unknown {
  const { labels, annotations, generation } = metadata;
  return { ...rest, labels, annotations, generation };
}
