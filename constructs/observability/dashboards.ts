import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard';
import type { Construct } from 'constructs';
import { renderMeshDashboard } from '../../model/dashboards/mesh';
import { renderSloDashboard } from '../../model/dashboards/slos';
import type { Environment } from '../../model/environment';

/** One page for the mesh, a section a service; one for what is promised of it, and of its canaries. */
export function addDashboards(scope: Construct, environment: Environment): void {
  const pages = {
    Dashboard: renderMeshDashboard(environment),
    Slos: renderSloDashboard(environment),
  };
  for (const [id, page] of Object.entries(pages))
    new MonitoringDashboard(scope, id, { dashboardJson: JSON.stringify(page) });
}
