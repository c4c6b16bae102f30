/** What metrics and cluster report while everything is healthy: input of `mesh canary` and `mesh release check`. */
import { stageOf } from '../../model/canary/stage';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Evidence } from '../../model/canary/evidence';
import type { Environment } from '../../model/environment';
import type { CommittedRelease } from '../../tools/canary-release/snapshot';

/** Far below every objective. */
const FAILED_SHARE = 0.0001;

/** Requests at the expected rate and the committed weights. */
export function healthyEvidence({ service, entry, now }: CommittedRelease): Evidence {
  const { longestBakeMinutes = 240, detection } = service.canaryPolicy ?? {};
  const { stepSinceSeconds } = service.canaryRelease;
  const stepMinutes = Math.min(longestBakeMinutes, (Date.parse(now) / 1_000 - stepSinceSeconds) / 60);
  // After a rollback or a promotion its requests are over.
  const isOver = ['rolled-back', 'promoted'].includes(stageOf(entry));
  const share = isOver ? 0 : (canaryVersion(service)?.weightPercent ?? 0) / 100;
  const tally = (minutes: number, ofAll: number) => {
    const all = Math.floor(service.slos.expectedRequestsPerSecond * 60 * minutes * ofAll);
    return { all, failed: Math.floor(all * FAILED_SHARE) };
  };
  const counts = (minutes: number) => {
    const comparison = { canary: tally(minutes, share), stable: tally(minutes, 1 - share) };
    return { availability: comparison, latency: comparison };
  };
  return { step: counts(stepMinutes), recent: counts(detection?.fastWindowMinutes ?? 5) };
}

/**
 * Every Deployment of the environment, completely rolled out; as `kubectl get deployments -o json`.
 *
 * @param readyAt RFC 3339
 */
export function completeRollouts({ services }: Environment, readyAt: string): object {
  return {
    items: services.flatMap(({ namespace, versions }) =>
      versions.map(({ workload, image }) => ({
        metadata: { name: workload, namespace, generation: 1 },
        spec: {
          replicas: 2,
          template: { spec: { containers: [{ name: 'app', image }] } },
        },
        status: {
          observedGeneration: 1,
          replicas: 2,
          updatedReplicas: 2,
          availableReplicas: 2,
          conditions: [{ type: 'Progressing', reason: 'NewReplicaSetAvailable', lastUpdateTime: readyAt }],
        },
      })),
    ),
  };
}
