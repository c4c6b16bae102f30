/** Reachability of the tools that watch the mesh. They are outside of it: no proxy, no identity. */
import { KIALI, METRICS_FRONTEND } from './naming';
import { SIDECAR_NEEDS, tcp, type NetworkPolicyIntent } from './network-policy';

/** Kiali in; Google's metrics API out. */
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

/** The API server is an address that only the running cluster knows, so any address but at its port. */
const API_SERVER_PORTS = tcp(443, 6_443);

/** `kubectl port-forward` in, which no policy sees; names, metrics and the API server out. */
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
