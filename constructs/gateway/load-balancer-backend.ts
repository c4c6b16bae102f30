import type { Construct } from 'constructs';
import { GATEWAY_PORTS, INGRESS_GATEWAY } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

export interface LoadBalancerBackendProps {
  /** Name of the Kubernetes Service that the load balancer sends requests to. */
  readonly service: string;
  /** Time limit: of a response, or of an idle WebSocket. */
  readonly timeoutSeconds: number;
  /** Cloud Armor policy. */
  readonly securityPolicy: string;
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Health check and policy of one backend of the load balancer.
 *
 * @param idPrefix empty for the backend of requests that are no streams
 */
export function addLoadBalancerBackend(
  scope: Construct,
  idPrefix: string,
  { service, timeoutSeconds, securityPolicy, dependsOn }: LoadBalancerBackendProps,
): void {
  const metadata = { name: service, namespace: INGRESS_GATEWAY.namespace };
  const targetRef = { group: '', kind: 'Service', name: service };
  new KubernetesObject(
    scope,
    `${idPrefix}HealthCheck`,
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'HealthCheckPolicy',
      metadata,
      spec: {
        default: {
          config: {
            type: 'HTTP',
            httpHealthCheck: { port: GATEWAY_PORTS.status, requestPath: '/healthz/ready' },
          },
        },
        targetRef,
      },
    },
    { dependsOn },
  );
  new KubernetesObject(
    scope,
    `${idPrefix}BackendPolicy`,
    {
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata,
      spec: {
        default: {
          securityPolicy,
          timeoutSec: timeoutSeconds,
          connectionDraining: { drainingTimeoutSec: 60 },
          logging: { enabled: true, sampleRate: 1_000_000 },
        },
        targetRef,
      },
    },
    { dependsOn },
  );
}
