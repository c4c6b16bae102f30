import { Sidecar } from '@kubernetes-models/istio/networking.istio.io/v1beta1/Sidecar';
import { PeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1beta1/PeerAuthentication';
import { Construct } from 'constructs';
import { ROOT_NAMESPACE } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import { renderDenyAllRequests } from './default-deny-namespace';

/**
 * What holds in every namespace, also in one that somebody adds by hand: mutual TLS or nothing, no request
 * that no policy allows, no way out of the registry. PCI DSS 4.2.1, 7.3.3.
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
        // The versions of services name their own hosts; this is for pods that nobody described.
        spec: { egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      }),
    );
  }
}
