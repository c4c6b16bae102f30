import { MonitoringService } from '@cdktf/provider-google/lib/monitoring-service';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { subjectsOf } from '../../model/slo/subjects';
import type { AlertChannels } from '../alerting';
import { addObjectives } from '../objectives';

export interface ServiceLevelObjectivesProps {
  readonly environment: Environment;
  readonly service: Service;
  readonly alertChannels: AlertChannels;
}

/** The service in Cloud Monitoring, with SLOs of the service and of its watched calls. */
export class ServiceLevelObjectives extends Construct {
  constructor(scope: Construct, id: string, props: ServiceLevelObjectivesProps) {
    super(scope, id);
    const { environment, service, alertChannels } = props;

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
    for (const subject of subjectsOf(service, environment))
      addObjectives(this, subject, monitored.serviceId, alertChannels);
  }
}
