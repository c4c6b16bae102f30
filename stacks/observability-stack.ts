import type { Construct } from 'constructs';
import { ClusterAccess } from '../constructs/cluster-access';
import { MeshTelemetry } from '../constructs/observability/mesh-telemetry';
import { NotificationChannels } from '../constructs/observability/notification-channels';
import type { AlertChannels } from '../constructs/retail-microservice';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** What is seen of the mesh, and who is told. */
export class ObservabilityStack extends RetailStack {
  /** Read by the mesh-policies stack: services bring their own alerts. */
  public readonly alertChannels: AlertChannels;

  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'observability', props);
    const { environment } = props;

    this.alertChannels = new NotificationChannels(this, 'Channels', {
      addresses: environment.notifications,
    }).ids;
    new ClusterAccess(this, 'Cluster', { environment });
    new MeshTelemetry(this, 'Telemetry');
  }
}
