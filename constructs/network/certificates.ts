import { CertificateManagerCertificate } from '@cdktf/provider-google/lib/certificate-manager-certificate';
import { CertificateManagerCertificateMap } from '@cdktf/provider-google/lib/certificate-manager-certificate-map';
import { CertificateManagerCertificateMapEntry } from '@cdktf/provider-google/lib/certificate-manager-certificate-map-entry';
import { CertificateManagerDnsAuthorization } from '@cdktf/provider-google/lib/certificate-manager-dns-authorization';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { certificateMapName } from '../../model/naming';
import { publicHostEntries } from '../../model/public-routes';
import type { PublicRecord } from './public-names';

export interface CertificatesProps {
  readonly environment: Environment;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Google-managed certificates of the public host names. DNS authorization makes them available before the first
 * request. PCI DSS 4.2.1.
 */
export class Certificates extends Construct {
  /** DNS records for the authorization, by host. */
  public readonly authorizationRecords: readonly PublicRecord[];

  constructor(scope: Construct, id: string, props: CertificatesProps) {
    super(scope, id);
    const { mesh } = props.environment;
    const dependsOn = [...props.dependsOn];

    const map = new CertificateManagerCertificateMap(this, 'Map', {
      name: certificateMapName(mesh.name),
      dependsOn,
    });
    this.authorizationRecords = publicHostEntries(props.environment).map(([host, domain]) => {
      const name = `${mesh.name}-${host}`;
      const authorization = new CertificateManagerDnsAuthorization(this, `${host}-authorization`, {
        name,
        domain,
        dependsOn,
      });
      const certificate = new CertificateManagerCertificate(this, host, {
        name,
        managed: { domains: [domain], dnsAuthorizations: [authorization.id] },
      });
      new CertificateManagerCertificateMapEntry(this, `${host}-entry`, {
        name,
        map: map.name,
        hostname: domain,
        certificates: [certificate.id],
      });
      const record = authorization.dnsResourceRecord.get(0);
      return { id: `${host}-authorization`, name: record.name, type: record.type, value: record.data };
    });
  }
}
