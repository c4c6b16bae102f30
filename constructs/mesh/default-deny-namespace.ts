import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1beta1/AuthorizationPolicy';
import { Construct } from 'constructs';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { KubernetesObject } from '../kubernetes-object';
import { renderDenyAllNetworkPolicy } from '../network-policy';

export interface DefaultDenyNamespaceProps {
  readonly name: string;
  /** Cost and ownership labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A namespace of the mesh with default deny for requests (AuthorizationPolicy) and for L3/L4 connections
 * (NetworkPolicy), and without privileged pods. PCI DSS 1.3.1, 1.3.2, 7.3.3.
 */
export class DefaultDenyNamespace extends Construct {
  public readonly name: string;
  /** Every other object in the namespace depends on these. */
  public readonly defaultDeny: readonly KubernetesObject[];

  constructor(scope: Construct, id: string, props: DefaultDenyNamespaceProps) {
    super(scope, id);
    this.name = props.name;

    const namespace = new KubernetesObject(
      this,
      'Namespace',
      new Namespace({
        metadata: {
          name: props.name,
          labels: {
            ...props.labels,
            'istio-injection': 'enabled',
            // The proxies comply too, because the mesh's CNI plugin replaces the privileged init container.
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
            'pod-security.kubernetes.io/audit': 'restricted',
          },
          // Google updates the proxies by restarting pods within their disruption budgets.
          annotations: { 'mesh.cloud.google.com/proxy': '{"managed":"true"}' },
        },
      }),
    );
    const inNamespace = { dependsOn: [namespace] };
    this.defaultDeny = [
      namespace,
      new KubernetesObject(this, 'DenyAllRequests', renderDenyAllRequests(props.name), inNamespace),
      new KubernetesObject(this, 'DenyAllConnections', renderDenyAllNetworkPolicy(props.name), inNamespace),
    ];
  }
}

/** An ALLOW policy without rules matches no request and therefore denies all. */
export function renderDenyAllRequests(namespace: string): AuthorizationPolicy {
  return new AuthorizationPolicy({ metadata: { name: 'deny-all', namespace }, spec: {} });
}
