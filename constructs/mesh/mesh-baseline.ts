import { Sidecar } from '@kubernetes-models/istio/networking.istio.io/v1beta1/Sidecar';
import { PeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1beta1/PeerAuthentication';
import { Construct } from 'constructs';
import { ROOT_NAMESPACE } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import { renderDenyAllRequests } from './default-deny-namespace';

/**
 * Defaults for every namespace, including manually created ones: strict mutual TLS, default deny, no egress to hosts
 * outside of the registry. PCI DSS 4.2.1, 7.3.3.
 */
export class MeshBaseline extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    new KubernetesObject(
      this,
      'StrictMutualTls',
      new PeerAuthentication({
        metadata: { name: 'default', namespace: ROOT_NAMESPACE },
        spec: { mtls: { mode: 'STRICT' } },
      }),
    );
    new KubernetesObject(this, 'DenyAllRequests', renderDenyAllRequests(ROOT_NAMESPACE));
    new KubernetesObject(
      this,
      'Sidecar',
      new Sidecar({
        metadata: { name: 'default', namespace: ROOT_NAMESPACE },
        // For pods without a Sidecar of their own; versions of services have one.
        spec: { egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      }),
    );
  }
}
