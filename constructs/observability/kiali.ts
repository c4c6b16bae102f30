import { Release } from '@cdktf/provider-helm/lib/release';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Construct } from 'constructs';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import type { Environment } from '../../model/environment';
import { imageMirror, KIALI, METRICS_FRONTEND, ROOT_NAMESPACE } from '../../model/naming';
import { kialiNetworkPolicy } from '../../model/observability-network-policy';
import { AUTH_PLUGIN } from '../cluster-access';
import { KubernetesObject } from '../kubernetes-object';
import { renderDenyAllNetworkPolicy, renderNetworkPolicy } from '../network-policy';
import { MetricsFrontend } from './metrics-frontend';

export interface KialiProps {
  readonly environment: Environment;
  /** `https://` and the DNS name of the control plane. */
  readonly clusterHost: string;
}

/**
 * Kiali, read-only, for people with access to the cluster: they use `kubectl port-forward` and log in with their own
 * token.
 *
 * It shows traffic, from the metrics of the proxies. It cannot show control plane health, proxy synchronization or
 * validations, which need access to istiod; Google's control plane offers none.
 *
 * @see https://kiali.io/docs/configuration/no-istiod/
 */
export class Kiali extends Construct {
  constructor(scope: Construct, id: string, props: KialiProps) {
    super(scope, id);
    const { environment, clusterHost } = props;
    const { namespace } = KIALI;

    const namespaceObject = new KubernetesObject(
      this,
      'Namespace',
      new Namespace({
        metadata: {
          name: namespace,
          labels: {
            'istio-injection': 'disabled',
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
            'pod-security.kubernetes.io/audit': 'restricted',
          },
        },
      }),
    );
    const inNamespace = { dependsOn: [namespaceObject] };
    const defaultDeny = [
      namespaceObject,
      new KubernetesObject(this, 'DenyAllConnections', renderDenyAllNetworkPolicy(namespace), inNamespace),
      new KubernetesObject(
        this,
        'NetworkPolicy',
        renderNetworkPolicy({ name: KIALI.name, namespace }, kialiNetworkPolicy()),
        inNamespace,
      ),
    ];
    new MetricsFrontend(this, 'Metrics', { environment, dependsOn: defaultDeny });

    new HelmProvider(this, 'Helm', {
      kubernetes: { host: clusterHost, exec: AUTH_PLUGIN },
      // Helm stores releases as Secrets by default. The plan account cannot read Secrets, so every plan would install
      // the release again.
      helmDriver: 'configmap',
    });
    const { chartRepository, chartVersion } = environment.kiali;
    new Release(this, 'Default', {
      name: KIALI.name,
      namespace,
      repository: chartRepository,
      chart: 'kiali-server',
      version: chartVersion,
      atomic: true,
      values: [JSON.stringify(renderValues(environment))],
      dependsOn: defaultDeny,
    });
  }
}

/** The chart's own context, which this value replaces, with the seccomp profile that `restricted` requires. */
const SECURITY_CONTEXT = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** @see https://kiali.io/docs/configuration/kialis.kiali.io/ */
function renderValues(environment: Environment): object {
  const { name, namespace, port } = METRICS_FRONTEND;
  return {
    auth: { strategy: 'token' },
    deployment: {
      image_name: `${imageMirror(environment, 'quay')}/kiali/kiali`,
      image_version: `v${environment.kiali.chartVersion}`,
      // The tag of a version can move; the chart's default may, too.
      image_pull_policy: 'Always',
      view_only_mode: true,
      cluster_wide_access: true,
      ingress: { enabled: false },
      // Its own policy opens the port to everybody, and has the name of ours, so Helm would refuse to adopt it.
      network_policy: { enabled: false },
      security_context: SECURITY_CONTEXT,
      resources: {
        requests: { cpu: '50m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
        limits: { memory: '1Gi', 'ephemeral-storage': '256Mi' },
      },
    },
    istio_namespace: ROOT_NAMESPACE,
    external_services: {
      istio: { istio_api_enabled: false, component_status: { enabled: false } },
      // Kiali would read these from Prometheus' configuration, which Managed Prometheus does not serve.
      prometheus: {
        url: `http://${name}.${namespace}:${port}`,
        thanos_proxy: { enabled: true, retention_period: '30d', scrape_interval: '60s' },
      },
      grafana: { enabled: false },
      tracing: { enabled: false },
    },
  };
}
