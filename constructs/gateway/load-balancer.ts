import { Construct } from 'constructs';
import { backendTimeoutSeconds } from '../../model/edge-load';
import type { Environment } from '../../model/environment';
import {
  certificateMapName,
  GATEWAY_PORTS,
  INGRESS_GATEWAY,
  publicAddressName,
  securityPolicyName,
  sslPolicyName,
} from '../../model/naming';
import { publicHostNames } from '../../model/public-routes';
import { KubernetesObject } from '../kubernetes-object';

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
    const targetService = { group: '', kind: 'Service', name };

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

    new KubernetesObject(
      this,
      'HealthCheck',
      {
        apiVersion: 'networking.gke.io/v1',
        kind: 'HealthCheckPolicy',
        metadata: { name, namespace },
        spec: {
          default: {
            config: {
              type: 'HTTP',
              httpHealthCheck: { port: GATEWAY_PORTS.status, requestPath: '/healthz/ready' },
            },
          },
          targetRef: targetService,
        },
      },
      options,
    );
    new KubernetesObject(
      this,
      'BackendPolicy',
      {
        apiVersion: 'networking.gke.io/v1',
        kind: 'GCPBackendPolicy',
        metadata: { name, namespace },
        spec: {
          default: {
            securityPolicy: securityPolicyName(mesh.name),
            timeoutSec: backendTimeoutSeconds(environment),
            connectionDraining: { drainingTimeoutSec: 60 },
            logging: { enabled: true, sampleRate: 1_000_000 },
          },
          targetRef: targetService,
        },
      },
      options,
    );
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

  private route(
    id: string,
    name: string,
    listener: string,
    hostnames: readonly string[],
    rule: object,
    gateway: KubernetesObject,
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
      { dependsOn: [gateway] },
    );
  }
}

const PUBLIC_GATEWAY = 'public';

const HTTPS_REDIRECT = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } };
