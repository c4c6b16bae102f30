import { Gateway } from '@kubernetes-models/istio/networking.istio.io/v1beta1/Gateway';
import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1beta1/AuthorizationPolicy';
import { RequestAuthentication } from '@kubernetes-models/istio/security.istio.io/v1beta1/RequestAuthentication';
import { Construct } from 'constructs';
import { externalClientRules, jwtRule } from '../../model/authorization';
import { preflightRules } from '../../model/browsers/preflight';
import { ingressGatewayWorkload } from '../../model/call-graph';
import type { Environment } from '../../model/environment';
import { GATEWAY_PORTS, INGRESS_CERTIFICATE_SECRETS, INGRESS_GATEWAY, LABELS } from '../../model/naming';
import { ingressGatewayNetworkPolicy } from '../../model/network-policy';
import { publicHostNames } from '../../model/public-routes';
import { longestDrainMs, publicStreams } from '../../model/streams';
import { KubernetesObject } from '../kubernetes-object';
import { DefaultDenyNamespace } from '../mesh/default-deny-namespace';
import { renderNetworkPolicy } from '../network-policy';
import { SecretMount } from '../secret-mount';
import { gatewayPort } from './gateway-port';
import { GatewayWorkload, type GatewayWorkloadProps } from './gateway-workload';
import { LoadBalancer } from './load-balancer';

export interface IngressGatewayProps {
  readonly environment: Environment;
}

/**
 * Google's load balancer appends two addresses to x-forwarded-for: the client's and its own.
 *
 * @see https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
 */
const PROXIES_IN_FRONT = 2;

/** Mount path of certificate and key for TLS from the load balancer. */
const CERTIFICATE_FOLDER = '/var/run/secrets/ingress-certificate';

/**
 * Entry of external clients to the mesh: Google's load balancer, then our gateway, which checks tokens and allows the
 * declared routes only. PCI DSS 1.3.1, 1.4.2, 4.2.1, 6.4.2.
 */
export class IngressGateway extends Construct {
  public readonly namespace: DefaultDenyNamespace;

  constructor(scope: Construct, id: string, props: IngressGatewayProps) {
    super(scope, id);
    const { environment } = props;
    const { name, namespace: namespaceName } = INGRESS_GATEWAY;
    const labels = { app: name };
    const metadata = { name, namespace: namespaceName };
    const encrypted = environment.ingress.hopEncryption === 'certificate';
    const routed = environment.services.filter((service) => service.ingress.length > 0);

    const namespace = new DefaultDenyNamespace(this, 'Default', {
      name: namespaceName,
      labels: { [LABELS.owner]: environment.mesh.pageOwner },
    });
    this.namespace = namespace;
    const options = { dependsOn: namespace.defaultDeny };

    if (encrypted) {
      new SecretMount(this, 'Certificate', {
        name,
        namespace: namespaceName,
        projectId: environment.project.id,
        files: [
          { secret: INGRESS_CERTIFICATE_SECRETS.certificate, fileName: 'tls.crt' },
          { secret: INGRESS_CERTIFICATE_SECRETS.key, fileName: 'tls.key' },
        ],
        dependsOn: namespace.defaultDeny,
      });
    }

    new GatewayWorkload(this, 'Proxy', {
      name,
      namespace: namespaceName,
      minReplicas: environment.ingress.minReplicas,
      maxReplicas: environment.ingress.maxReplicas,
      ports: [
        {
          name: 'http-status',
          port: GATEWAY_PORTS.status,
          targetPort: GATEWAY_PORTS.status,
          protocol: 'TCP',
        },
        gatewayPort(environment),
      ],
      longestRequestMs: Math.max(
        0,
        ...routed.map((service) =>
          longestDrainMs(
            service,
            publicStreams(service).map(({ stream }) => stream),
          ),
        ),
      ),
      trustedProxies: PROXIES_IN_FRONT,
      volumes: encrypted ? [certificateVolume(name)] : [],
      dependsOn: namespace.defaultDeny,
    });

    new KubernetesObject(
      this,
      'Listener',
      new Gateway({ metadata, spec: { selector: labels, servers: [renderServer(environment)] } }),
      options,
    );
    new KubernetesObject(
      this,
      'RequestAuthentication',
      new RequestAuthentication({
        metadata,
        spec: { selector: { matchLabels: labels }, jwtRules: [jwtRule(environment.jwt)] },
      }),
      options,
    );
    new KubernetesObject(
      this,
      'AuthorizationPolicy',
      new AuthorizationPolicy({
        metadata,
        spec: {
          selector: { matchLabels: labels },
          action: 'ALLOW',
          rules: [...externalClientRules(environment), ...preflightRules(environment)],
        },
      }),
      options,
    );
    new KubernetesObject(
      this,
      'NetworkPolicy',
      renderNetworkPolicy(
        metadata,
        ingressGatewayNetworkPolicy(environment, ingressGatewayWorkload.podLabels),
      ),
      options,
    );
    new LoadBalancer(this, 'LoadBalancer', { environment, dependsOn: namespace.defaultDeny });
  }
}

/**
 * The certificate is a file, not a `credentialName`: Google's SLA excludes meshes with the latter. The host is `*`,
 * because the load balancer sends no SNI; routes match the Host header.
 */
function renderServer({ ingress, domainNames }: Environment) {
  if (ingress.hopEncryption === 'network') {
    return {
      port: { number: GATEWAY_PORTS.http, name: 'http', protocol: 'HTTP' },
      hosts: publicHostNames({ domainNames }),
    };
  }
  return {
    port: { number: GATEWAY_PORTS.https, name: 'https', protocol: 'HTTPS' },
    hosts: ['*'],
    tls: {
      mode: 'SIMPLE' as const,
      serverCertificate: `${CERTIFICATE_FOLDER}/tls.crt`,
      privateKey: `${CERTIFICATE_FOLDER}/tls.key`,
      minProtocolVersion: 'TLSV1_2' as const,
    },
  };
}

function certificateVolume(secretProviderClass: string): GatewayWorkloadProps['volumes'][number] {
  return {
    volume: {
      name: 'certificate',
      csi: {
        driver: 'secrets-store-gke.csi.k8s.io',
        readOnly: true,
        volumeAttributes: { secretProviderClass },
      },
    },
    mount: { name: 'certificate', mountPath: CERTIFICATE_FOLDER, readOnly: true },
  };
}
