/** Network policies of the observability tools. They run without a proxy and without a mesh identity. */
import { KIALI, METRICS_FRONTEND } from './naming';
import { SIDECAR_NEEDS, tcp, type NetworkPolicyIntent } from './network-policy';

/** Ingress from Kiali, egress to Google's metrics API. */
export function metricsFrontendNetworkPolicy(): NetworkPolicyIntent {
  return {
    podLabels: { app: METRICS_FRONTEND.name },
    ingress: [
      {
        peers: [{ workload: { namespace: KIALI.namespace, podLabels: KIALI.podLabels } }],
        ports: tcp(METRICS_FRONTEND.port),
      },
    ],
    egress: SIDECAR_NEEDS,
  };
}

/** The address of the API server is unknown at synth, so egress is limited by port only. */
const API_SERVER_PORTS = tcp(443, 6_443);

/** No ingress: `kubectl port-forward` bypasses network policy. Egress to DNS, metrics and the API server. */
export function kialiNetworkPolicy(): NetworkPolicyIntent {
  return {
    podLabels: KIALI.podLabels,
    ingress: [],
    egress: [
      ...SIDECAR_NEEDS,
      {
        peers: [
          { workload: { namespace: METRICS_FRONTEND.namespace, podLabels: { app: METRICS_FRONTEND.name } } },
        ],
        ports: tcp(METRICS_FRONTEND.port),
      },
      { peers: [{ cidr: '0.0.0.0/0' }], ports: API_SERVER_PORTS },
    ],
  };
}
