import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule';
import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { databaseHost, databaseName, networkName, subnetName } from '../../model/naming';
import type { DatabaseConnectivity } from './database';

export interface DatabaseEndpointProps {
  readonly environment: Environment;
  readonly connectivity: DatabaseConnectivity;
}

/**
 * DNS name and address of the database inside the network. With Private Service Connect the address is ours and known
 * at synth, so that network policy and mesh can refer to it.
 */
export class DatabaseEndpoint extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseEndpointProps) {
    super(scope, id);
    const { environment, connectivity } = props;
    if (connectivity.kind === 'private-service-connect') {
      this.forward(environment, connectivity.serviceAttachment);
      this.dnsRecord(environment, connectivity.dnsName, environment.network.databaseEndpointIp);
    } else {
      this.dnsRecord(environment, `${databaseHost(environment.mesh.name)}.`, connectivity.address);
    }
  }

  /** Private Service Connect needs no network peering that could outlive the database. */
  private forward(environment: Environment, serviceAttachment: string): void {
    const { mesh, region, project, network } = environment;
    const name = databaseName(environment);
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
      network: networkUrl(project.id, mesh.name),
      ipAddress: address.id,
      loadBalancingScheme: '',
      target: serviceAttachment,
      allowPscGlobalAccess: false,
    });
  }

  private dnsRecord(environment: Environment, dnsName: string, address: string): void {
    const { mesh, project } = environment;
    const zone = new DnsManagedZone(this, 'Zone', {
      name: databaseName(environment),
      dnsName,
      description: 'Private address of the database',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: networkUrl(project.id, mesh.name) }] },
    });
    new DnsRecordSet(this, 'Record', {
      name: dnsName,
      managedZone: zone.name,
      type: 'A',
      ttl: 300,
      rrdatas: [address],
    });
  }
}

function networkUrl(projectId: string, mesh: string): string {
  return `projects/${projectId}/global/networks/${networkName(mesh)}`;
}
