import { MonitoringSlo, type MonitoringSloRequestBasedSli } from '@cdktf/provider-google/lib/monitoring-slo';
import type { Construct } from 'constructs';
import { alertsOf } from '../../model/slo/alerts';
import { monitoringFilter } from '../../model/slo/requests';
import type { Objective, Subject } from '../../model/slo/subjects';
import type { AlertChannels } from '../alert-channels';
import { addAlert } from './alert';

/** The budgets of a subject in Cloud Monitoring, and the alerts on how fast they burn. */
export function addObjectives(
  scope: Construct,
  subject: Subject,
  monitoredServiceId: string,
  channels: AlertChannels,
): void {
  for (const objective of subject.objectives) {
    new MonitoringSlo(scope, `${objective.name}-objective`, {
      service: monitoredServiceId,
      sloId: objective.name,
      displayName: subject.kind === 'edge' ? `${subject.title}: ${objective.sentence}` : objective.sentence,
      goal: Number((objective.targetPercent / 100).toPrecision(6)),
      rollingPeriodDays: objective.windowDays,
      requestBasedSli: renderSli(subject, objective),
    });
  }
  for (const alert of alertsOf(subject)) addAlert(scope, alert, channels);
}

/** The requests of the alerts, so that budget and alert tell the same story. */
function renderSli({ requests }: Subject, { thresholdMs }: Objective): MonitoringSloRequestBasedSli {
  if (thresholdMs === undefined) {
    return {
      goodTotalRatio: {
        goodServiceFilter: monitoringFilter('request_count', requests, 'answered'),
        totalServiceFilter: monitoringFilter('request_count', requests, 'total'),
      },
    };
  }
  return {
    distributionCut: {
      distributionFilter: monitoringFilter('roundtrip_latencies', requests, 'answered'),
      range: { min: 0, max: thresholdMs },
    },
  };
}
