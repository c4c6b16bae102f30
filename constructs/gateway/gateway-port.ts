import type { Environment } from '../../model/environment';
import { GATEWAY_PORTS } from '../../model/naming';

/**
 * Port of a Kubernetes Service in front of the ingress gateway. For GKE's Gateway controller, `HTTP2` means HTTP/2 with
 * TLS to the pods, `HTTPS` HTTP/1.1 with TLS.
 *
 * @param forWebSockets WebSockets do not pass Google's load balancer over HTTP/2
 */
export function gatewayPort({ ingress }: Pick<Environment, 'ingress'>, forWebSockets = false) {
  const common = { port: 443, protocol: 'TCP' } as const;
  if (ingress.hopEncryption === 'network')
    return { name: 'http', targetPort: GATEWAY_PORTS.http, appProtocol: 'HTTP', ...common };
  return {
    name: 'https',
    targetPort: GATEWAY_PORTS.https,
    appProtocol: forWebSockets ? 'HTTPS' : 'HTTP2',
    ...common,
  };
}
