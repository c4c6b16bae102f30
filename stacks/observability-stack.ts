import type { Construct } from 'constructs';
import type { AlertChannels } from '../constructs/alerting';
import { RollbackController } from '../constructs/canary-rollback/rollback-controller';
import { ClusterAccess } from '../constructs/cluster-access';
import { EvidenceBucket } from '../constructs/observability/evidence-bucket';
import { Kiali } from '../constructs/observability/kiali';
import { addDashboards } from '../constructs/observability/dashboards';
import { MeshTelemetry } from '../constructs/observability/mesh-telemetry';
import { NotificationChannels } from '../constructs/observability/notification-channels';
import { ProxyMetrics } from '../constructs/observability/proxy-metrics';
import { RotationAlert } from '../constructs/observability/rotation-alert';
import { SecurityAlerts } from '../constructs/observability/security-alerts';
import { canaryNamespaces } from '../model/canary/split';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** What is seen of the mesh, what is kept as evidence, and who is told. */
export class ObservabilityStack extends RetailStack {
  /** Read by the mesh-policies stack: services bring their own alerts. */
  public readonly alertChannels: AlertChannels;
  /** Alerts of canaries go here too; there is none where no service may have a canary. */
  public readonly rollbackChannel: string | undefined;

  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'observability', props);
    const { environment } = props;

    this.alertChannels = new NotificationChannels(this, 'Channels', { environment }).ids;
    const namespaces = canaryNamespaces(environment);
    if (namespaces.length > 0)
      this.rollbackChannel = new RollbackController(this, 'CanaryRollback', {
        environment,
        namespaces,
      }).channel;
    new EvidenceBucket(this, 'Evidence', { environment });
    new SecurityAlerts(this, 'Security', { environment, channels: this.alertChannels });
    new RotationAlert(this, 'RotationAlert', { channels: this.alertChannels });
    addDashboards(this, environment);

    const { host } = new ClusterAccess(this, 'Cluster', { environment });
    new MeshTelemetry(this, 'Telemetry');
    new ProxyMetrics(this, 'ProxyMetrics');
    if (environment.kiali.enabled) new Kiali(this, 'Kiali', { environment, clusterHost: host });
  }
}
