import { kubernetesObject, resourceBefore, type ResourceChange } from '../resource-change';
import { actionVerb, isGone, type Flag } from './flag';

/** Between the end of one and the beginning of the next, requests fail. */
const CARRIERS: ReadonlySet<string> = new Set([
  'Deployment',
  'Gateway',
  'HTTPRoute',
  'Service',
  'ServiceAccount',
  'ServiceEntry',
  'VirtualService',
]);

export const trafficInterrupted: Flag = {
  id: 'traffic-interrupted',
  severity: 'high',
  title: 'Something that carries requests is destroyed',
  find: ({ changes }) =>
    changes
      .filter((change) => isGone(change) && CARRIERS.has(kindOf(change) ?? ''))
      .map((change) => ({ what: `${kindOf(change)} is ${actionVerb(change)}`, where: change.address })),
};

function kindOf(change: ResourceChange): string | undefined {
  const resource = resourceBefore(change);
  return resource && kubernetesObject(resource)?.kind;
}
