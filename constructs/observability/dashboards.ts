import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard';
import type { Construct } from 'constructs';
import { renderMeshDashboard } from '../../model/dashboards/mesh';
import { renderSloDashboard } from '../../model/dashboards/slos';
import type { Environment } from '../../model/environment';

/** A dashboard of the mesh and a dashboard of its SLOs. */
export function addDashboards(scope: Construct, environment: Environment): void {
  const dashboards = {
    Dashboard: renderMeshDashboard(environment),
    Slos: renderSloDashboard(environment),
  };
  for (const [id, dashboard] of Object.entries(dashboards))
    new MonitoringDashboard(scope, id, { dashboardJson: JSON.stringify(dashboard) });
}
