import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard';
import { Construct } from 'constructs';
import { renderDashboard } from '../../model/dashboard';
import type { Environment } from '../../model/environment';

export interface MeshDashboardProps {
  readonly environment: Environment;
}

/** One page for the whole mesh: a section a service, and one for each call that the catalogue asks to watch. */
export class MeshDashboard extends Construct {
  constructor(scope: Construct, id: string, props: MeshDashboardProps) {
    super(scope, id);
    new MonitoringDashboard(this, 'Default', {
      dashboardJson: JSON.stringify(renderDashboard(props.environment)),
    });
  }
}
