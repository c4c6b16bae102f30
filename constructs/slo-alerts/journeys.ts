import { MonitoringCustomService } from '@cdktf/provider-google/lib/monitoring-custom-service';
import { type Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { journeySubjects, monitoredServiceId } from '../../model/slo/subjects';
import type { AlertChannels } from '../alert-channels';
import { addObjectives } from './objectives';

/** What the public comes for, as a whole: each journey with its budgets and alerts. */
export function addJourneys(scope: Construct, environment: Environment, channels: AlertChannels): void {
  for (const subject of journeySubjects(environment)) {
    const id = monitoredServiceId(subject);
    const monitored = new MonitoringCustomService(scope, `${id}-service`, {
      serviceId: id,
      displayName: subject.title,
    });
    addObjectives(scope, subject, monitored.serviceId, channels);
  }
}
