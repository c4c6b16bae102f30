/** Targets of calls, services and third parties alike, and figures that several rules derive from them. */
import type { Environment } from '../environment';
import type { Service } from '../service';
import { isStreamOnly } from '../streams';
import type { SourceKind } from '../source/read-folder';
import type { Path } from '../source/yaml-document';

export interface CallTarget {
  readonly kind: Extract<SourceKind, 'service' | 'external'>;
  readonly name: string;
  readonly timeoutMs: number;
  readonly retries: { readonly attempts: number; readonly perTryTimeoutMs?: number | undefined };
}

/** Every service and third party of the environment. */
export function targetsOf({ services, externals }: Environment): readonly CallTarget[] {
  return [
    ...services.map((service): CallTarget => ({ kind: 'service', ...service })),
    ...externals.map((external): CallTarget => ({ kind: 'external', ...external })),
  ];
}

/** A call of one service, with its target. */
export interface ResolvedCall {
  readonly target: CallTarget;
  /** Whether the caller's response succeeds when this call fails. */
  readonly optional: boolean;
  /** Whether it only opens streams, which have no timeout. */
  readonly isStream: boolean;
  /** Path of the callee's name in the caller's file. */
  readonly path: Path;
}

/** Calls by name of the caller. Uses the stable version, which makes all of the service's calls. */
export function callsByCaller(environment: Environment): ReadonlyMap<string, readonly ResolvedCall[]> {
  const targets = new Map(targetsOf(environment).map((target) => [`${target.kind} ${target.name}`, target]));
  const services = new Map(environment.services.map((service) => [service.name, service]));
  return new Map(
    environment.services.map(({ name, versions: [stable] }) => {
      const calls = [
        ...stable.calls.map((call) => ({ ...call, kind: 'service', callee: call.service })),
        ...stable.externalCalls.map((call) => ({ ...call, kind: 'external', callee: call.external })),
      ].flatMap(({ kind, callee, optional, position, methods, paths }): ResolvedCall[] => {
        const target = targets.get(`${kind} ${callee}`);
        if (target === undefined) return [];
        const { streams = [] } = (kind === 'service' ? services.get(callee) : undefined) ?? {};
        const isStream = isStreamOnly({ streams }, { methods, paths });
        return [{ target, optional, isStream, path: ['calls', position, kind] }];
      });
      return [name, calls];
    }),
  );
}

/** Time that a caller waits for one attempt, in milliseconds. */
export function attemptTimeMs({ timeoutMs, retries: { attempts, perTryTimeoutMs } }: Service): number {
  return attempts > 0 ? (perTryTimeoutMs ?? timeoutMs) : timeoutMs;
}

/** Factor above the expected load that circuit breakers and pods must sustain. */
export const HEADROOM = 2;

/** Requests in flight at the expected rate, if each takes the latency of the SLO. */
export function expectedRequestsInFlight({ slos }: Service): number {
  return slos.expectedRequestsPerSecond * (slos.latency.thresholdMs / 1_000);
}

/** Client proxies of each service: minReplicas of the smallest caller, which may send all of the load. */
export function fewestClients(environment: Environment): ReadonlyMap<string, number> {
  return new Map([...clientProxies(environment)].map(([callee, pods]) => [callee, Math.min(...pods)]));
}

/** Client proxies of each service: minReplicas of the largest caller, which usually sends most of the load. */
export function mostClients(environment: Environment): ReadonlyMap<string, number> {
  return new Map([...clientProxies(environment)].map(([callee, pods]) => [callee, Math.max(...pods)]));
}

/** minReplicas of each caller, by callee. */
function clientProxies(environment: Environment): ReadonlyMap<string, readonly number[]> {
  const byCallee = new Map<string, number[]>();
  const add = (callee: string, pods: number) => byCallee.set(callee, [...(byCallee.get(callee) ?? []), pods]);
  const pods = new Map(environment.services.map(({ name, autoscaling }) => [name, autoscaling.minReplicas]));
  for (const { name, ingress } of environment.services) {
    if (ingress.length > 0) add(name, environment.ingress.minReplicas);
  }
  for (const [caller, calls] of callsByCaller(environment)) {
    for (const { target } of calls) {
      if (target.kind === 'service') add(target.name, pods.get(caller) ?? 1);
    }
  }
  return byCallee;
}
