import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { TerraformOutput, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { GOOGLE_API_VIP_ADDRESSES } from '../../model/google-addresses';
import { networkName, SUBNET_RANGES, subnetName } from '../../model/naming';

export interface PrivateNetworkProps {
  readonly environment: Environment;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Network of the cluster: no public addresses, Google APIs inside Google's network, and the internet through a logged
 * NAT with static addresses. PCI DSS 1.4.4, 10.2, 11.5.1.
 */
export class PrivateNetwork extends Construct {
  public readonly network: ComputeNetwork;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    const { environment, dependsOn } = props;
    const { mesh, region, network: ranges } = environment;

    this.network = new ComputeNetwork(this, 'Vpc', {
      name: networkName(mesh.name),
      autoCreateSubnetworks: false,
      routingMode: 'REGIONAL',
      dependsOn: [...dependsOn],
    });
    new ComputeSubnetwork(this, 'Subnet', {
      name: subnetName(mesh.name),
      region,
      network: this.network.id,
      ipCidrRange: ranges.nodesCidr,
      privateIpGoogleAccess: true,
      secondaryIpRange: [
        { rangeName: SUBNET_RANGES.pods, ipCidrRange: ranges.podsCidr },
        { rangeName: SUBNET_RANGES.services, ipCidrRange: ranges.servicesCidr },
      ],
      logConfig: {
        aggregationInterval: 'INTERVAL_5_SEC',
        flowSampling: ranges.flowLogSampling,
        metadata: 'INCLUDE_ALL_METADATA',
      },
    });
    this.natWithFixedAddresses(props);
    for (const domain of ['googleapis.com', 'gcr.io', 'pkg.dev']) this.privateGoogleDomain(domain);
  }

  private natWithFixedAddresses({ environment, dependsOn }: PrivateNetworkProps): void {
    const { mesh, region, network } = environment;
    const addresses = Array.from(
      { length: network.natAddressCount },
      (_, index) =>
        new ComputeAddress(this, `NatAddress${index + 1}`, {
          name: `${mesh.name}-nat-${index + 1}`,
          region,
          dependsOn: [...dependsOn],
        }),
    );
    new TerraformOutput(this, 'NatAddresses', {
      description: 'Source addresses of requests to third parties. Notify them before a change',
      value: addresses.map(({ address }) => address),
    });
    const router = new ComputeRouter(this, 'Router', {
      name: `${mesh.name}-router`,
      region,
      network: this.network.id,
    });
    new ComputeRouterNat(this, 'Nat', {
      name: `${mesh.name}-nat`,
      region,
      router: router.name,
      natIpAllocateOption: 'MANUAL_ONLY',
      natIps: addresses.map((address) => address.selfLink),
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      logConfig: { enable: true, filter: 'ALL' },
    });
  }

  /** Resolves a Google domain to private.googleapis.com. */
  private privateGoogleDomain(domain: string): void {
    const name = domain.replace('.', '-');
    const zone = new DnsManagedZone(this, `${name}Zone`, {
      name,
      dnsName: `${domain}.`,
      description: `${domain} inside Google's network`,
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: this.network.id }] },
    });
    new DnsRecordSet(this, `${name}Addresses`, {
      name: zone.dnsName,
      managedZone: zone.name,
      type: 'A',
      ttl: 300,
      rrdatas: [...GOOGLE_API_VIP_ADDRESSES],
    });
    new DnsRecordSet(this, `${name}Names`, {
      name: `*.${zone.dnsName}`,
      managedZone: zone.name,
      type: 'CNAME',
      ttl: 300,
      rrdatas: [zone.dnsName],
    });
  }
}
