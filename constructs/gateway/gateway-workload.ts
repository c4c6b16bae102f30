import { Construct } from 'constructs';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';
import { Service } from 'kubernetes-models/v1/Service';
import type { IServicePort } from 'kubernetes-models/v1/ServicePort';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { GATEWAY_REQUESTS } from '../../model/cluster-capacity';
import { GATEWAY_PORTS } from '../../model/naming';
import { cpuQuantity, duration, memoryQuantity } from '../../model/quantity';
import { shutdownPlan } from '../../model/shutdown';
import { renderDisruptionBudget } from '../disruption-budget';
import { KubernetesObject } from '../kubernetes-object';
import { renderTopologySpread } from '../topology-spread';

export interface GatewayWorkloadProps {
  /** Name of every object and value of the `app` label. */
  readonly name: string;
  readonly namespace: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Ports of the Service in front of the pods. */
  readonly ports: readonly IServicePort[];
  /** Timeout of the longest request. A terminating pod drains for this time. */
  readonly longestRequestMs: number;
  /**
   * Addresses at the end of x-forwarded-for that trusted proxies have written; the first of them is the client.
   * @default the peer of the connection is the client
   */
  readonly trustedProxies?: number;
  /** Volumes of the proxy. */
  readonly volumes: readonly { readonly volume: IVolume; readonly mount: IVolumeMount }[];
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Gateway pods. The injector replaces the image `auto` and configures the proxy, so the gateway is upgraded with the
 * mesh.
 *
 * @see https://cloud.google.com/service-mesh/docs/operate-and-maintain/gateways
 */
export class GatewayWorkload extends Construct {
  constructor(scope: Construct, id: string, props: GatewayWorkloadProps) {
    super(scope, id);
    const { name, namespace, minReplicas, maxReplicas, dependsOn } = props;
    const labels = { app: name };
    const metadata = { name, namespace, labels };
    const options = { dependsOn };

    const account = new KubernetesObject(
      this,
      'ServiceAccount',
      new ServiceAccount({ metadata, automountServiceAccountToken: false }),
      options,
    );
    new KubernetesObject(this, 'Deployment', renderDeployment(props), { dependsOn: [...dependsOn, account] });
    new KubernetesObject(
      this,
      'Service',
      new Service({ metadata, spec: { type: 'ClusterIP', selector: labels, ports: [...props.ports] } }),
      options,
    );
    new KubernetesObject(
      this,
      'Autoscaler',
      new HorizontalPodAutoscaler({
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          minReplicas,
          maxReplicas,
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
            },
            {
              // Idle connections cost memory only.
              type: 'Resource',
              resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '640Mi' } },
            },
          ],
        },
      }),
      options,
    );
    new KubernetesObject(
      this,
      'DisruptionBudget',
      renderDisruptionBudget({ metadata, matchLabels: labels, maxUnavailable: 1 }),
      options,
    );
  }
}

function renderDeployment(props: GatewayWorkloadProps): Deployment {
  const { name, namespace, longestRequestMs, trustedProxies, volumes } = props;
  const labels = { app: name };
  const shutdown = shutdownPlan(longestRequestMs);
  return new Deployment({
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      revisionHistoryLimit: 5,
      template: {
        metadata: {
          labels: {
            ...labels,
            'service.istio.io/canonical-name': name,
            'service.istio.io/canonical-revision': 'v1',
            // A label, because admission policies can match labels.
            'sidecar.istio.io/inject': 'true',
          },
          annotations: {
            'inject.istio.io/templates': 'gateway',
            'proxy.istio.io/config': JSON.stringify({
              terminationDrainDuration: duration(shutdown.proxyDrainSeconds * 1_000),
              ...(trustedProxies !== undefined && {
                gatewayTopology: { numTrustedProxies: trustedProxies },
              }),
            }),
          },
        },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: shutdown.gracePeriodSeconds,
          securityContext: {
            // The injector sets the user; setting the proxy's user here is an error (IST0144).
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: renderTopologySpread({ matchLabels: labels, zonesRequired: true }),
          containers: [
            {
              name: 'istio-proxy',
              image: 'auto',
              ports: [
                { name: 'http', containerPort: GATEWAY_PORTS.http, protocol: 'TCP' },
                { name: 'https', containerPort: GATEWAY_PORTS.https, protocol: 'TCP' },
                { name: 'status', containerPort: GATEWAY_PORTS.status, protocol: 'TCP' },
              ],
              resources: {
                requests: {
                  cpu: cpuQuantity(GATEWAY_REQUESTS.cpuMillicores),
                  memory: memoryQuantity(GATEWAY_REQUESTS.memoryMiB),
                  'ephemeral-storage': '128Mi',
                },
                limits: { memory: '1Gi', 'ephemeral-storage': '128Mi' },
              },
              readinessProbe: {
                httpGet: { path: '/healthz/ready', port: GATEWAY_PORTS.status },
                periodSeconds: 5,
                failureThreshold: 2,
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              ...(volumes.length > 0 && { volumeMounts: volumes.map(({ mount }) => mount) }),
            },
          ],
          ...(volumes.length > 0 && { volumes: volumes.map(({ volume }) => volume) }),
        },
      },
    },
  });
}
