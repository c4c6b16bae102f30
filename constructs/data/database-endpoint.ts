import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule';
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { databaseName, networkName, subnetName } from '../../model/naming';

export interface DatabaseEndpointProps {
  readonly environment: Environment;
  readonly serviceAttachment: string;
  /** Name under which clients look the database up. */
  readonly dnsName: string;
}

/**
 * The database's address in our own subnet, known before it exists: network policy and mesh name it. Nothing
 * but this forwarding rule ties the networks together, so tearing down leaves no peering behind.
 */
export class DatabaseEndpoint extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseEndpointProps) {
    super(scope, id);
    const { environment, serviceAttachment, dnsName } = props;
    const { mesh, region, project, network } = environment;
    const name = databaseName(mesh.name);
    const networkUrl = `projects/${project.id}/global/networks/${networkName(mesh.name)}`;

    const address = new ComputeAddress(this, 'Address', {
      name,
      region,
      addressType: 'INTERNAL',
      subnetwork: `projects/${project.id}/regions/${region}/subnetworks/${subnetName(mesh.name)}`,
      address: network.databaseEndpointIp,
    });
    new ComputeForwardingRule(this, 'ForwardingRule', {
      name,
      region,
      network: networkUrl,
      ipAddress: address.id,
      loadBalancingScheme: '',
      target: serviceAttachment,
      allowPscGlobalAccess: false,
    });
    const zone = new DnsManagedZone(this, 'Zone', {
      name,
      dnsName,
      description: 'Private endpoint of the orders database',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl }] },
    });
    new DnsRecordSet(this, 'Record', {
      name: dnsName,
      managedZone: zone.name,
      type: 'A',
      ttl: 300,
      rrdatas: [network.databaseEndpointIp],
    });
  }
}
