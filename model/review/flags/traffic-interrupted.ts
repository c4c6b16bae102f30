import { parseManifest, resourceBefore, type ResourceChange } from '../resource-change';
import { describeDestruction, isDestroyed, type Flag } from './flag';

/** Requests fail between the deletion of one and the creation of its successor. */
const TRAFFIC_KINDS: ReadonlySet<string> = new Set([
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
  title: 'Traffic-serving resource destroyed',
  find: ({ changes }) =>
    changes
      .filter((change) => isDestroyed(change) && TRAFFIC_KINDS.has(kindOf(change) ?? ''))
      .map((change) => ({
        message: `${kindOf(change)} ${describeDestruction(change)}`,
        location: change.address,
      })),
};

function kindOf(change: ResourceChange): string | undefined {
  const resource = resourceBefore(change);
  return resource && parseManifest(resource)?.kind;
}
