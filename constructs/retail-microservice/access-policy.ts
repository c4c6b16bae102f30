import { Sidecar } from '@kubernetes-models/istio/networking.istio.io/v1beta1/Sidecar';
import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1beta1/AuthorizationPolicy';
import { RequestAuthentication } from '@kubernetes-models/istio/security.istio.io/v1beta1/RequestAuthentication';
import { Construct } from 'constructs';
import type { CallGraph } from '../../model/call-graph';
import { inboundRules, jwtRule } from '../../model/authorization';
import { egressScope } from '../../model/egress-scope';
import type { Environment } from '../../model/environment';
import { versionNetworkPolicy } from '../../model/network-policy';
import type { Service } from '../../model/service';
import { KubernetesObject } from '../kubernetes-object';
import { renderNetworkPolicy } from '../network-policy';

export interface AccessPolicyProps {
  readonly environment: Environment;
  readonly graph: CallGraph;
  readonly service: Service;
  /** Objects that must exist first. */
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Who may call the service and whom it may call, derived from the call graph. Enforced twice: by identity in the
 * proxies, and on L3/L4 by the nodes. PCI DSS 1.3.1, 1.3.2, 7.2.1.
 */
export class AccessPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AccessPolicyProps) {
    super(scope, id);
    const { environment, graph, service, dependsOn } = props;
    const options = { dependsOn };
    const { name, namespace } = service;
    const selector = { matchLabels: { app: name } };

    const rules = inboundRules(environment, service, graph.callersOf(name));
    // A service without callers needs no policy beyond the namespace's default deny.
    if (rules.length > 0) {
      new KubernetesObject(
        this,
        'AuthorizationPolicy',
        new AuthorizationPolicy({
          metadata: { name, namespace },
          spec: { selector, action: 'ALLOW', rules },
        }),
        options,
      );
    }

    if (service.ingress.some((route) => route.jwt === 'required')) {
      new KubernetesObject(
        this,
        'RequestAuthentication',
        new RequestAuthentication({
          metadata: { name, namespace },
          spec: { selector, jwtRules: [jwtRule(environment.jwt)] },
        }),
        options,
      );
    }

    for (const version of service.versions) {
      const metadata = { name: version.workload, namespace };
      const prefix = version.name.toUpperCase();
      new KubernetesObject(
        this,
        `${prefix}Sidecar`,
        new Sidecar({
          metadata,
          spec: {
            workloadSelector: { labels: { app: name, version: version.name } },
            egress: [{ hosts: egressScope(environment, graph, service, version) }],
            outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          },
        }),
        options,
      );
      new KubernetesObject(
        this,
        `${prefix}NetworkPolicy`,
        renderNetworkPolicy(metadata, versionNetworkPolicy(environment, graph, service, version)),
        options,
      );
    }
  }
}
