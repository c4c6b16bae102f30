import type { Construct } from 'constructs';
import { PrivateNetwork } from '../constructs/network/private-network';
import { ProjectServices } from '../constructs/network/project-services';
import { PublicEdge } from '../constructs/network/public-edge';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** APIs of the project, the private network, and what the public sees. */
export class NetworkStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'network', props);
    const { environment } = props;
    const services = new ProjectServices(this, 'Services');
    const dependsOn = services.all;

    new PrivateNetwork(this, 'Network', { environment, dependsOn });
    new PublicEdge(this, 'Edge', { environment, dependsOn });
  }
}
