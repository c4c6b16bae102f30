import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { Gateway } from '@kubernetes-models/istio/networking.istio.io/v1beta1/Gateway';
import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1beta1/AuthorizationPolicy';
import { Construct } from 'constructs';
import { egressRules } from '../../model/authorization';
import { egressGatewayWorkload, type CallGraph } from '../../model/call-graph';
import { mostRetries } from '../../model/circuit-breaker';
import type { Environment } from '../../model/environment';
import { EGRESS_GATEWAY, GATEWAY_PORTS, LABELS, serviceHost } from '../../model/naming';
import { egressGatewayNetworkPolicy } from '../../model/network-policy';
import { KubernetesObject } from '../kubernetes-object';
import { DefaultDenyNamespace } from '../mesh/default-deny-namespace';
import { renderNetworkPolicy } from '../network-policy';
import { ExternalService } from './external-service';
import { GatewayWorkload } from './gateway-workload';

export interface EgressGatewayProps {
  readonly environment: Environment;
  readonly graph: CallGraph;
}

/**
 * The only path to third parties. It authenticates callers by mesh identity, allows the calls of the call graph and
 * originates TLS. PCI DSS 1.3.2, 1.4.2, 4.2.1.
 */
export class EgressGateway extends Construct {
  constructor(scope: Construct, id: string, props: EgressGatewayProps) {
    super(scope, id);
    const { environment, graph } = props;
    const { name, namespace: namespaceName } = EGRESS_GATEWAY;
    const { externals } = environment;
    const labels = { app: name };
    const metadata = { name, namespace: namespaceName };

    const namespace = new DefaultDenyNamespace(this, 'Default', {
      name: namespaceName,
      labels: { [LABELS.owner]: environment.mesh.pageOwner },
    });
    const options = { dependsOn: namespace.defaultDeny };

    new GatewayWorkload(this, 'Proxy', {
      name,
      namespace: namespaceName,
      minReplicas: environment.egress.minReplicas,
      maxReplicas: environment.egress.maxReplicas,
      ports: [
        {
          name: 'http-status',
          port: GATEWAY_PORTS.status,
          targetPort: GATEWAY_PORTS.status,
          protocol: 'TCP',
        },
        { name: 'https', port: 443, targetPort: GATEWAY_PORTS.https, protocol: 'TCP' },
      ],
      longestRequestMs: Math.max(...externals.map((external) => external.timeoutMs)),
      volumes: [],
      dependsOn: namespace.defaultDeny,
    });

    new KubernetesObject(
      this,
      'Listener',
      new Gateway({
        metadata,
        spec: {
          selector: labels,
          servers: [
            {
              port: { number: GATEWAY_PORTS.https, name: 'https', protocol: 'HTTPS' },
              // Callers send the gateway's Service name as SNI; the Host header selects the third party.
              hosts: ['*'],
              tls: { mode: 'ISTIO_MUTUAL' },
            },
          ],
        },
      }),
      options,
    );
    new KubernetesObject(this, 'DestinationRule', renderClientPolicy(), options);
    new KubernetesObject(
      this,
      'AuthorizationPolicy',
      new AuthorizationPolicy({
        metadata,
        spec: {
          selector: { matchLabels: labels },
          action: 'ALLOW',
          rules: externals.flatMap((external) =>
            egressRules(environment, graph.callersOfExternal(external.name)),
          ),
        },
      }),
      options,
    );
    new KubernetesObject(
      this,
      'NetworkPolicy',
      renderNetworkPolicy(
        metadata,
        egressGatewayNetworkPolicy(environment, graph, egressGatewayWorkload.podLabels),
      ),
      options,
    );

    for (const external of externals) {
      new ExternalService(this, external.name, { external, dependsOn: namespace.defaultDeny });
    }
  }
}

const MAX_REQUESTS = 200;

/** Callers' policy for the gateway: mutual TLS, connection pool limits, outlier detection. */
function renderClientPolicy(): DestinationRule {
  return new DestinationRule({
    metadata: { name: EGRESS_GATEWAY.name, namespace: EGRESS_GATEWAY.namespace },
    spec: {
      host: serviceHost(EGRESS_GATEWAY.name, EGRESS_GATEWAY.namespace),
      trafficPolicy: {
        tls: { mode: 'ISTIO_MUTUAL' },
        connectionPool: {
          // A pod in a lost zone never answers: the attempts must fit in the timeout of a third party.
          tcp: { maxConnections: 100, connectTimeout: '300ms' },
          http: {
            http1MaxPendingRequests: 50,
            http2MaxRequests: MAX_REQUESTS,
            maxRetries: mostRetries(MAX_REQUESTS),
          },
        },
        outlierDetection: {
          // 5xx may come from the third party, so only failures to reach the gateway eject it.
          consecutive5xxErrors: 0,
          consecutiveGatewayErrors: 0,
          splitExternalLocalOriginErrors: true,
          consecutiveLocalOriginFailures: 5,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
        },
      },
    },
  });
}
