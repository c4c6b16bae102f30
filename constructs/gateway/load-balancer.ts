import { Construct } from 'constructs';
import { Service } from 'kubernetes-models/v1/Service';
import { streamBackends, type StreamBackend } from '../../model/edge-backends';
import { backendTimeoutSeconds } from '../../model/edge-load';
import type { Environment } from '../../model/environment';
import {
  certificateMapName,
  INGRESS_GATEWAY,
  publicAddressName,
  securityPolicyName,
  sslPolicyName,
} from '../../model/naming';
import { literalOf } from '../../model/path-pattern';
import { publicHostNames, publicHosts } from '../../model/public-routes';
import { KubernetesObject } from '../kubernetes-object';
import { gatewayPort } from './gateway-port';
import { addLoadBalancerBackend } from './load-balancer-backend';

export interface LoadBalancerProps {
  readonly environment: Environment;
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Google's external load balancer, through the Gateway API: certificates and address from the network stack, Cloud
 * Armor, and a redirect from HTTP to HTTPS. PCI DSS 4.2.1, 6.4.2.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways
 */
export class LoadBalancer extends Construct {
  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { environment, dependsOn } = props;
    const { mesh } = environment;
    const { name, namespace } = INGRESS_GATEWAY;
    const options = { dependsOn };
    const hostnames = publicHostNames(environment);

    const gateway = new KubernetesObject(
      this,
      'Gateway',
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: {
          name: PUBLIC_GATEWAY,
          namespace,
          annotations: { 'networking.gke.io/certmap': certificateMapName(mesh.name) },
        },
        spec: {
          gatewayClassName: 'gke-l7-global-external-managed',
          addresses: [{ type: 'NamedAddress', value: publicAddressName(mesh.name) }],
          listeners: [
            // No `tls` block: the certificate map replaces it.
            { name: 'https', protocol: 'HTTPS', port: 443, allowedRoutes: { namespaces: { from: 'Same' } } },
            { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'Same' } } },
          ],
        },
      },
      options,
    );

    this.route('Route', mesh.name, 'https', hostnames, { backendRefs: [{ name, port: 443 }] }, gateway);
    this.route(
      'Redirect',
      `${mesh.name}-redirect`,
      'http',
      hostnames,
      { filters: [HTTPS_REDIRECT] },
      gateway,
    );

    addLoadBalancerBackend(this, '', {
      service: name,
      timeoutSeconds: backendTimeoutSeconds(environment),
      securityPolicy: securityPolicyName(mesh.name),
      dependsOn,
    });
    for (const backend of streamBackends(environment)) this.streamBackend(props, backend, gateway);
    new KubernetesObject(
      this,
      'TlsPolicy',
      {
        apiVersion: 'networking.gke.io/v1',
        kind: 'GCPGatewayPolicy',
        metadata: { name: PUBLIC_GATEWAY, namespace },
        spec: {
          default: { sslPolicy: sslPolicyName(mesh.name) },
          targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: PUBLIC_GATEWAY },
        },
      },
      { dependsOn: [gateway] },
    );
  }

  private streamBackend(
    { environment, dependsOn }: LoadBalancerProps,
    { kind, name, timeoutSeconds, paths }: StreamBackend,
    gateway: KubernetesObject,
  ): void {
    const { mesh } = environment;
    const prefix = kind === 'streams' ? 'Streams' : 'Websockets';
    const labels = { app: INGRESS_GATEWAY.name };
    const service = new KubernetesObject(
      this,
      `${prefix}Service`,
      new Service({
        metadata: { name, namespace: INGRESS_GATEWAY.namespace, labels },
        spec: {
          type: 'ClusterIP',
          selector: labels,
          ports: [gatewayPort(environment, kind === 'websockets')],
        },
      }),
      { dependsOn },
    );
    addLoadBalancerBackend(this, prefix, {
      service: name,
      timeoutSeconds,
      securityPolicy: securityPolicyName(mesh.name),
      dependsOn: [...dependsOn, service],
    });
    for (const host of publicHosts(environment)) {
      const matches = (paths.get(host.id) ?? []).map((path) => ({ path: gatewayApiMatch(path) }));
      if (matches.length === 0) continue;
      const rule = { matches, backendRefs: [{ name, port: 443 }] };
      const id = `${prefix}Route-${host.id}`;
      this.route(id, `${mesh.name}-${kind}-${host.id}`, 'https', [host.name], rule, gateway, [service]);
    }
  }

  private route(
    id: string,
    name: string,
    listener: string,
    hostnames: readonly string[],
    rule: object,
    gateway: KubernetesObject,
    backends: readonly KubernetesObject[] = [],
  ): void {
    new KubernetesObject(
      this,
      id,
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name, namespace: INGRESS_GATEWAY.namespace },
        spec: {
          parentRefs: [{ name: PUBLIC_GATEWAY, sectionName: listener }],
          hostnames: [...hostnames],
          rules: [rule],
        },
      },
      { dependsOn: [gateway, ...backends] },
    );
  }
}

const PUBLIC_GATEWAY = 'public';

const HTTPS_REDIRECT = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } };

/** A prefix of the Gateway API also matches the path without the slash at its end. */
function gatewayApiMatch(path: string) {
  return path.endsWith('/*')
    ? { type: 'PathPrefix', value: literalOf(path).replace(/(?<=.)\/$/, '') }
    : { type: 'Exact', value: path };
}
