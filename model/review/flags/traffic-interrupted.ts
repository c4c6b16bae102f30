import { workloadParts } from '../facts/fact';
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
  find: ({ changes, idleVersions }) =>
    changes
      .filter(
        (change) =>
          isDestroyed(change) &&
          TRAFFIC_KINDS.has(kindOf(change) ?? '') &&
          !(change.action === 'delete' && isOfIdleVersion(change, idleVersions)),
      )
      .map((change) => ({
        message: `${kindOf(change)} ${describeDestruction(change)}`,
        location: change.address,
      })),
};

/** Objects of a version carry its name. */
function isOfIdleVersion(change: ResourceChange, idleVersions: ReadonlySet<string>): boolean {
  const resource = resourceBefore(change);
  const { service, version } = workloadParts((resource && parseManifest(resource)?.name) ?? '');
  return version !== undefined && idleVersions.has(`${service} ${version}`);
}

function kindOf(change: ResourceChange): string | undefined {
  const resource = resourceBefore(change);
  return resource && parseManifest(resource)?.kind;
}
