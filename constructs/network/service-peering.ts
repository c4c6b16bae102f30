import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import type { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ServiceNetworkingConnection } from '@cdktf/provider-google/lib/service-networking-connection';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { databaseCidr } from '../../model/network-policy';
import { peeringRangeName } from '../../model/naming';

export interface ServicePeeringProps {
  readonly environment: Environment;
  readonly network: ComputeNetwork;
}

/**
 * Private services access: the allocated range in which Google places the database, and the peering. PCI DSS 1.4.4.
 *
 * Google rejects the removal of the peering for some time after the database is deleted, so Terraform abandons it.
 * The tear-down runbook describes how to remove it.
 */
export class ServicePeering extends Construct {
  constructor(scope: Construct, id: string, props: ServicePeeringProps) {
    super(scope, id);
    const { environment, network } = props;
    const [address, prefixLength] = databaseCidr(environment).split('/');
    const range = new ComputeGlobalAddress(this, 'Range', {
      name: peeringRangeName(environment.mesh.name),
      purpose: 'VPC_PEERING',
      addressType: 'INTERNAL',
      network: network.id,
      ...(address !== undefined && { address }),
      prefixLength: Number(prefixLength),
    });
    new ServiceNetworkingConnection(this, 'Connection', {
      network: network.id,
      service: 'servicenetworking.googleapis.com',
      reservedPeeringRanges: [range.name],
      deletionPolicy: 'ABANDON',
    });
  }
}
