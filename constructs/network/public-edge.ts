import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import { ComputeSslPolicy } from '@cdktf/provider-google/lib/compute-ssl-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { publicAddressName, sslPolicyName } from '../../model/naming';
import { publicHostEntries } from '../../model/public-routes';
import { Certificates } from './certificates';
import { PublicNames } from './public-names';
import { WebFirewall } from './web-firewall';

export interface PublicEdgeProps {
  readonly environment: Environment;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Public side of the load balancer: address, DNS names, certificates, and Cloud Armor. TLS 1.2 or newer, with forward
 * secrecy. PCI DSS 2.2.7, 4.2.1.
 */
export class PublicEdge extends Construct {
  constructor(scope: Construct, id: string, props: PublicEdgeProps) {
    super(scope, id);
    const { environment, dependsOn } = props;
    const { mesh, dns } = environment;

    const address = new ComputeGlobalAddress(this, 'Address', {
      name: publicAddressName(mesh.name),
      dependsOn: [...dependsOn],
    });
    new ComputeSslPolicy(this, 'TlsPolicy', {
      name: sslPolicyName(mesh.name),
      profile: 'RESTRICTED',
      minTlsVersion: 'TLS_1_2',
      dependsOn: [...dependsOn],
    });
    new WebFirewall(this, 'Firewall', { environment, dependsOn });
    const { authorizationRecords } = new Certificates(this, 'Certificate', { environment, dependsOn });
    new PublicNames(this, 'Names', {
      zone: dns.publicZone,
      records: [
        ...publicHostEntries(environment).map(([host, domain]) => ({
          id: `${host}-address`,
          name: `${domain}.`,
          type: 'A',
          value: address.address,
        })),
        ...authorizationRecords,
      ],
      dependsOn,
    });
  }
}
