/** What the pods of services and of gateways have in common. */
import type { Inspection } from './inspection';

/** Time until every proxy knows that a pod is leaving: docs/verify-on-cloud.md. */
const PROPAGATION_SECONDS = 15;

/**
 * The pod serves until no proxy sends it requests, then until its longest request is answered, and only then is it
 * killed.
 */
export function inspectDraining(proxy: Inspection, pod: Inspection, longestRequestMs: number): void {
  const drain = Number(/^(\d+)s$/.exec(proxy.text('terminationDrainDuration'))?.[1]);
  const needed = PROPAGATION_SECONDS + longestRequestMs / 1_000;
  if (!(drain >= needed && drain < needed + 10))
    proxy.finding(
      `terminationDrainDuration is ${drain} s; ${needed} s are needed, and longer delays every rollout`,
    );
  const grace = pod.number('terminationGracePeriodSeconds');
  if (!(grace > drain && grace <= drain + 30))
    pod.finding(`terminationGracePeriodSeconds is ${grace}, not shortly after the proxy's ${drain} s`);
}

export function preStopSeconds(longestRequestMs: number, container: Inspection): void {
  const lifecycle = container.child('lifecycle').child('preStop').child('sleep');
  const most = PROPAGATION_SECONDS + longestRequestMs / 1_000;
  lifecycle.between('seconds', PROPAGATION_SECONDS, most, 'proxies still send requests for so long');
}

/** Pod Security level `restricted`, whatever the namespace admits. */
export function inspectContainerSecurity(container: Inspection): void {
  const security = container.child('securityContext');
  security.is('allowPrivilegeEscalation', false);
  security.is('readOnlyRootFilesystem', true);
  security.is('capabilities', { drop: ['ALL'] });
}

/** @param user id in the image; undefined where the injector sets it */
export function inspectPodSecurity(pod: Inspection, user: 'application' | 'injected'): void {
  const security = pod.child('securityContext');
  security.is('runAsNonRoot', true);
  security.is('seccompProfile', { type: 'RuntimeDefault' });
  if (user === 'application')
    for (const key of ['runAsUser', 'runAsGroup', 'fsGroup'])
      if (security.has(key)) {
        const id = security.number(key);
        // 1337 is the proxy's: its own connections are not intercepted.
        if (!(id >= 10_000 && id < 65_536))
          security.finding(`${key} is ${id}: not an unprivileged user of the image`);
      } else if (key !== 'fsGroup') security.finding(`${key} is missing`);
}

/** Loss of a zone leaves pods in the others; critical pods wait rather than crowd one zone. */
export function inspectSpread(
  pod: Inspection,
  labels: Readonly<Record<string, string>>,
  zonesRequired: boolean,
): void {
  const [zones, nodes] = pod.exactly('topologySpreadConstraints', 2);
  for (const [constraint, topologyKey, strict] of [
    [zones, 'topology.kubernetes.io/zone', zonesRequired],
    [nodes, 'kubernetes.io/hostname', false],
  ] as const) {
    constraint?.is('topologyKey', topologyKey);
    constraint?.is('maxSkew', 1);
    constraint?.is('whenUnsatisfiable', strict ? 'DoNotSchedule' : 'ScheduleAnyway');
    constraint?.is('labelSelector', { matchLabels: labels });
    // Else the nodes of a lost zone, and the pods of the previous rollout, would count.
    constraint?.is('nodeTaintsPolicy', 'Honor');
    constraint?.is('matchLabelKeys', ['pod-template-hash']);
  }
}

/** A rollout never has fewer pods than before, and can be undone. */
export function inspectRollout(spec: Inspection): void {
  const strategy = spec.child('strategy');
  strategy.is('type', 'RollingUpdate');
  const update = strategy.child('rollingUpdate');
  update.is('maxUnavailable', 0);
  const surge = Number(/^(\d+)%$/.exec(update.text('maxSurge'))?.[1]);
  if (!(surge >= 1 && surge <= 100)) update.finding(`maxSurge is ${surge} %`);
  spec.between('revisionHistoryLimit', 1, 10, 'a rollout can be undone');
  // The autoscaler owns the number of pods: any number here would be restored at each apply.
  spec.is('replicas', undefined);
}

export interface ProbeLimits {
  readonly path: string;
  readonly port: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** A probe that gives its verdict within a time, which is a period times a number of failures. */
export function inspectProbe(container: Inspection, name: string, limits: ProbeLimits): void {
  const probe = container.child(name);
  probe.is('httpGet', { path: limits.path, port: limits.port });
  const period = probe.number('periodSeconds');
  const seconds = period * probe.number('failureThreshold');
  if (!(period >= 1 && seconds >= limits.fromSeconds && seconds <= limits.toSeconds))
    probe.finding(`decides after ${seconds} s, not after ${limits.fromSeconds} to ${limits.toSeconds} s`);
}
