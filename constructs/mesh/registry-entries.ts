import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { ServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1beta1/ServiceEntry';
import { Construct } from 'constructs';
import { jwksHost } from '../../model/egress-scope';
import { databaseCidr } from '../../model/network-policy';
import type { Environment } from '../../model/environment';
import { databaseHost, databasePorts, GOOGLE_APIS_HOST, ROOT_NAMESPACE } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

export interface RegistryEntriesProps {
  readonly environment: Environment;
}

/**
 * Hosts outside the mesh that proxies connect to directly: the token issuer's keys, the database, and Google APIs for
 * the database connector. Sidecars limit which proxy knows which host.
 */
export class RegistryEntries extends Construct {
  constructor(scope: Construct, id: string, props: RegistryEntriesProps) {
    super(scope, id);
    const { environment } = props;
    this.tokenKeys(jwksHost(environment));

    if (environment.services.some((service) => service.database)) {
      this.database(environment);
      this.googleApis();
    }
  }

  /**
   * With the managed control plane each proxy fetches the keys. It needs the host in the registry, and TLS from a
   * DestinationRule.
   */
  private tokenKeys(host: string): void {
    const metadata = { name: 'token-keys', namespace: ROOT_NAMESPACE };
    const entry = new KubernetesObject(
      this,
      'TokenKeys',
      new ServiceEntry({
        metadata,
        spec: {
          hosts: [host],
          ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }],
          location: 'MESH_EXTERNAL',
          resolution: 'DNS',
        },
      }),
    );
    new KubernetesObject(
      this,
      'TokenKeysTls',
      new DestinationRule({
        metadata,
        spec: {
          host,
          trafficPolicy: {
            tls: { mode: 'SIMPLE', sni: host, subjectAltNames: [host], caCertificates: PUBLIC_AUTHORITIES },
          },
        },
      }),
      { dependsOn: [entry] },
    );
  }

  /** A single address is a static endpoint. For a range, the proxy passes connections to the original address. */
  private database(environment: Environment): void {
    const { database, network } = environment;
    const { connector, postgres } = databasePorts(database);
    const location =
      database.connectivity === 'private-service-connect'
        ? {
            addresses: [network.databaseEndpointIp],
            resolution: 'STATIC' as const,
            endpoints: [{ address: network.databaseEndpointIp }],
          }
        : { addresses: [databaseCidr(environment)], resolution: 'NONE' as const };
    new KubernetesObject(
      this,
      'Database',
      new ServiceEntry({
        metadata: { name: 'database', namespace: ROOT_NAMESPACE },
        spec: {
          hosts: [databaseHost(environment.mesh.name)],
          ports: [
            { number: connector, name: 'tls-connector', protocol: 'TCP' },
            { number: postgres, name: 'tls-postgres', protocol: 'TCP' },
          ],
          location: 'MESH_EXTERNAL',
          ...location,
        },
      }),
    );
  }

  private googleApis(): void {
    new KubernetesObject(
      this,
      'GoogleApis',
      new ServiceEntry({
        metadata: { name: 'google-apis', namespace: ROOT_NAMESPACE },
        spec: {
          hosts: [GOOGLE_APIS_HOST],
          ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
          location: 'MESH_EXTERNAL',
          resolution: 'NONE',
        },
      }),
    );
  }
}

/** Public certificate authorities in the proxy image. Without this file the proxy would not verify certificates. */
export const PUBLIC_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
