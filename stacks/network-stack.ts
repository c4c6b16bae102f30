import type { Construct } from 'constructs';
import { KeyRing } from '../constructs/encryption/key-ring';
import { EgressFirewall } from '../constructs/network/egress-firewall';
import { PrivateNetwork } from '../constructs/network/private-network';
import { ProjectServices } from '../constructs/network/project-services';
import { PublicEdge } from '../constructs/network/public-edge';
import { ServicePeering } from '../constructs/network/service-peering';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** Project APIs, key ring, private network, firewall, and public edge. */
export class NetworkStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'network', props);
    const { environment } = props;
    const services = new ProjectServices(this, 'Services');
    const dependsOn = services.all;

    new KeyRing(this, 'KeyRing', { environment, dependsOn });
    const { network } = new PrivateNetwork(this, 'Network', { environment, dependsOn });
    if (environment.database.connectivity === 'private-services-access')
      new ServicePeering(this, 'Peering', { environment, network });
    new EgressFirewall(this, 'Egress', { environment, network, dependsOn });
    new PublicEdge(this, 'Edge', { environment, dependsOn });
  }
}
