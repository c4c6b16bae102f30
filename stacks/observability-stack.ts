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

/** Notification channels, dashboards, security alerts, evidence, telemetry, and the rollback controller. */
export class ObservabilityStack extends RetailStack {
  /** For alerts of services, in the mesh-policies stack. */
  public readonly alertChannels: AlertChannels;
  /** Channel of the rollback controller, for canary alerts. */
  public readonly rollbackChannel: string;

  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'observability', props);
    const { environment } = props;

    const { ids, all, moved } = new NotificationChannels(this, 'Channels', { environment });
    this.alertChannels = ids;
    for (const { channel, formerId } of moved) this.moveFrom(formerId, channel);
    const rollbackController = new RollbackController(this, 'CanaryRollback', {
      environment,
      namespaces: canaryNamespaces(environment),
    });
    this.rollbackChannel = rollbackController.channel.name;
    for (const channel of [...all, rollbackController.channel]) this.export(channel, 'name');
    new EvidenceBucket(this, 'Evidence', { environment });
    new SecurityAlerts(this, 'Security', { environment, channels: this.alertChannels });
    new RotationAlert(this, 'RotationAlert', {
      channels: this.alertChannels,
      rotationDays: environment.secrets.rotationDays,
    });
    addDashboards(this, environment);

    const { host } = new ClusterAccess(this, 'Cluster', { environment });
    new MeshTelemetry(this, 'Telemetry', { environment });
    new ProxyMetrics(this, 'ProxyMetrics');
    if (environment.kiali.enabled) new Kiali(this, 'Kiali', { environment, clusterHost: host });
  }
}
