import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { MonitoringService } from '@cdktf/provider-google/lib/monitoring-service';
import { MonitoringSlo, type MonitoringSloBasicSli } from '@cdktf/provider-google/lib/monitoring-slo';
import { Construct } from 'constructs';
import { burnAlert, type BurnAlert, type Severity } from '../../model/burn-rate';
import type { Environment } from '../../model/environment';
import { availabilityBurnQuery, latencyBurnQuery } from '../../model/queries';
import type { Service } from '../../model/service';

/** Notification channels by urgency, as ids of Cloud Monitoring. */
export type AlertChannels = Readonly<Record<Severity, readonly string[]>>;

export interface ServiceLevelObjectivesProps {
  readonly environment: Environment;
  readonly service: Service;
  readonly alertChannels: AlertChannels;
}

/** One promise: how it is measured, and when breaking it is worth an alert. */
interface Objective {
  readonly id: 'Availability' | 'Latency';
  readonly promise: string;
  readonly targetPercent: number;
  readonly sli: MonitoringSloBasicSli;
  readonly query: (alert: BurnAlert) => string;
}

/** The service in Cloud Monitoring, its availability and latency objectives, and one burn alert for each. */
export class ServiceLevelObjectives extends Construct {
  constructor(scope: Construct, id: string, props: ServiceLevelObjectivesProps) {
    super(scope, id);
    const { environment, service } = props;

    const monitored = new MonitoringService(this, 'Service', {
      serviceId: service.name,
      displayName: service.name,
      basicService: {
        serviceType: 'ISTIO_CANONICAL_SERVICE',
        serviceLabels: {
          mesh_uid: `proj-${environment.project.number}`,
          canonical_service_namespace: service.namespace,
          canonical_service: service.name,
        },
      },
    });

    for (const objective of objectivesOf(service)) {
      new MonitoringSlo(this, `${objective.id}Objective`, {
        service: monitored.serviceId,
        sloId: objective.id.toLowerCase(),
        displayName: objective.promise,
        goal: Number((objective.targetPercent / 100).toPrecision(6)),
        rollingPeriodDays: service.slos.windowDays,
        basicSli: objective.sli,
      });
      this.alertOnBurn(objective, props);
    }
  }

  private alertOnBurn(objective: Objective, { service, alertChannels }: ServiceLevelObjectivesProps): void {
    const alert = burnAlert(objective.targetPercent, service.slos.windowDays);
    const slo = objective.id.toLowerCase();
    new MonitoringAlertPolicy(this, `${objective.id}Burn`, {
      displayName: `${service.name}: ${slo} budget burns`,
      combiner: 'OR',
      severity: alert.severity === 'page' ? 'CRITICAL' : 'WARNING',
      notificationChannels: [...alertChannels[alert.severity]],
      userLabels: { service: service.name, slo, severity: alert.severity, owner: service.owner },
      conditions: [
        {
          displayName: `budget burns ${alert.factor} times too fast`,
          conditionPrometheusQueryLanguage: {
            query: objective.query(alert),
            duration: '0s',
            evaluationInterval: '60s',
            alertRule: `${objective.id}Burn`,
            // The metric exists only after the first request; the alert must be there before.
            disableMetricValidation: true,
          },
        },
      ],
      documentation: {
        mimeType: 'text/markdown',
        content: [
          `**${service.name}** promises: ${objective.promise}.`,
          `More than ${percent(alert.badRatio)} of its requests have broken the promise: ${percent(alert.budgetShare)} of the error budget will be gone within ${alert.longMinutes / 60} h.`,
          `Owner: ${service.owner}. Runbook: docs/runbooks/error-budget-burn.md`,
        ].join('\n\n'),
      },
    });
  }
}

function objectivesOf(service: Service): readonly Objective[] {
  const { availability, latency, windowDays } = service.slos;
  return [
    {
      id: 'Availability',
      promise: `${availability.targetPercent}% of requests succeed over ${windowDays} days`,
      targetPercent: availability.targetPercent,
      sli: { availability: { enabled: true } },
      query: (alert) => availabilityBurnQuery(service, alert),
    },
    {
      id: 'Latency',
      promise: `${latency.targetPercent}% of requests take under ${latency.thresholdMs} ms over ${windowDays} days`,
      targetPercent: latency.targetPercent,
      sli: { latency: { threshold: `${latency.thresholdMs / 1_000}s` } },
      query: (alert) => latencyBurnQuery(service, latency.thresholdMs, alert),
    },
  ];
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}
