/** Invariants of pods and their Services. */
import { except, nameOf, ofKind, type Invariant } from './invariant';

const PROTOCOLS = ['http', 'http2', 'grpc', 'http-status', 'https'];
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]);
const proxyConfig = (pod: any) => JSON.parse(pod.metadata.annotations?.['proxy.istio.io/config'] ?? '{}');

export const WORKLOAD_INVARIANTS: Readonly<Record<string, Invariant>> = {
  ports: (shop) => [
    ...except(shop, 'Service', ({ spec }) => spec.ports.every(({ name }: any) => PROTOCOLS.includes(name))),
    ...ofKind(shop, 'Service')
      .filter(
        ({ metadata, spec }) =>
          shop.environment.domains.some(({ namespace }) => namespace === metadata.namespace) &&
          spec.ports.length !== 1,
      )
      .map(nameOf),
  ],

  'canary-capacity': (shop) => {
    const scaled = ofKind(shop, 'HorizontalPodAutoscaler').map(
      ({ metadata, spec }) => `${metadata.namespace ?? ''}/${spec.scaleTargetRef.name}`,
    );
    return except(
      shop,
      'Deployment',
      ({ metadata, spec }) =>
        !('replicas' in spec) &&
        scaled.filter((name) => name === `${metadata.namespace ?? ''}/${metadata.name}`).length === 1,
    );
  },

  replicas: (shop) =>
    except(shop, 'Deployment', ({ spec }) =>
      spec.template.spec.topologySpreadConstraints.some(
        ({ topologyKey, maxSkew }: any) => topologyKey === 'topology.kubernetes.io/zone' && maxSkew === 1,
      ),
    ),

  shutdown: (shop) =>
    shop.environment.services.flatMap(({ timeoutMs, streams, versions }) =>
      versions.flatMap(({ workload }) => {
        const longest = Math.max(timeoutMs / 1_000, ...streams.map(({ drainSeconds }) => drainSeconds));
        const { template } =
          ofKind(shop, 'Deployment').find(({ metadata }) => metadata.name === workload)?.spec ?? {};
        const preStop = template.spec.containers[0].lifecycle.preStop.sleep?.seconds;
        const drain = seconds(proxyConfig(template).terminationDrainDuration);
        const grace = template.spec.terminationGracePeriodSeconds;
        return drain >= preStop + longest && grace > drain ? [] : [workload];
      }),
    ),

  pods: (shop) =>
    except(shop, 'Deployment', ({ spec: { template } }) => {
      const { annotations = {} } = template.metadata;
      const users = [template.spec, ...template.spec.containers].map(
        (it: any) => it.securityContext?.runAsUser,
      );
      return !('sidecar.istio.io/rewriteAppHTTPProbers' in annotations) && !users.includes(1_337);
    }),
};
