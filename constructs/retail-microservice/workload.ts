import { Construct } from 'constructs';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Service as KubernetesService } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { databaseServiceAccountEmail, HOTFIX_ANNOTATION } from '../../model/naming';
import type { Service, Version } from '../../model/service';
import { renderDisruptionBudget } from '../disruption-budget';
import { KubernetesObject } from '../kubernetes-object';
import { hasFiles, renderConfigMap } from './config-files';
import { renderPodTemplate, type PodTemplateProps } from './pod-template';

export interface VersionWorkloadProps extends PodTemplateProps {
  /** Project of the service account for the database. */
  readonly projectId: string;
  /** Objects that the pods mount. */
  readonly mounts: readonly KubernetesObject[];
  /** Objects that must exist first: the namespace and its default deny. */
  readonly dependsOn: readonly KubernetesObject[];
}

/** One version of a service: its identity, pods, host, autoscaler and disruption budget. */
export class VersionWorkload extends Construct {
  /** The version's Kubernetes Service, which routes point at. */
  public readonly host: KubernetesObject;

  constructor(scope: Construct, id: string, props: VersionWorkloadProps) {
    super(scope, id);
    const { service, version, projectId, mounts, dependsOn } = props;
    const options = { dependsOn };
    const metadata = objectMetadata(service, version);
    const selector = versionSelector(service, version);

    const account = new KubernetesObject(
      this,
      'ServiceAccount',
      new ServiceAccount({
        metadata: {
          ...metadata,
          ...(service.database && {
            annotations: {
              'iam.gke.io/gcp-service-account': databaseServiceAccountEmail(service.name, projectId),
            },
          }),
        },
        automountServiceAccountToken: false,
      }),
      options,
    );

    const files = hasFiles(version)
      ? [
          new KubernetesObject(this, 'Config', renderConfigMap(version, service.namespace), {
            ...options,
            outlivesUsers: true,
          }),
        ]
      : [];

    new KubernetesObject(
      this,
      'Deployment',
      new Deployment({
        metadata: {
          ...metadata,
          // Of the Deployment and not of its pods, which it would restart. Plan reviews read it.
          ...(version.hotfix !== undefined && { annotations: { [HOTFIX_ANNOTATION]: version.hotfix } }),
        },
        spec: {
          // No `replicas`, because the autoscaler owns them.
          selector: { matchLabels: selector },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
          revisionHistoryLimit: 5,
          template: renderPodTemplate(props),
        },
      }),
      { dependsOn: [...dependsOn, account, ...files, ...mounts] },
    );

    this.host = new KubernetesObject(
      this,
      'Service',
      new KubernetesService({ metadata, spec: { selector, ports: [servicePort(service)] } }),
      options,
    );

    new KubernetesObject(this, 'Autoscaler', renderAutoscaler(service, version), options);

    new KubernetesObject(
      this,
      'DisruptionBudget',
      renderDisruptionBudget({
        metadata,
        matchLabels: selector,
        maxUnavailable: service.disruptionBudget.maxUnavailable,
      }),
      options,
    );
  }
}

/** Port 80 to the container port. The mesh derives the protocol from the name (IST0118). */
export function servicePort(service: Service) {
  return { name: service.protocol, port: 80, targetPort: service.port, protocol: 'TCP' as const };
}

export function versionSelector(service: Service, version: Version): Record<string, string> {
  return { app: service.name, version: version.name };
}

function objectMetadata(service: Service, version: Version) {
  return { name: version.workload, namespace: service.namespace, labels: versionSelector(service, version) };
}

function renderAutoscaler(service: Service, version: Version): HorizontalPodAutoscaler {
  const { minReplicas, maxReplicas, targetCpuPercent } = service.autoscaling;
  return new HorizontalPodAutoscaler({
    metadata: objectMetadata(service, version),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: version.workload },
      minReplicas,
      maxReplicas,
      metrics: [
        // Only the app's container: load of the proxy must not scale the app.
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: 'app',
            target: { type: 'Utilization', averageUtilization: targetCpuPercent },
          },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  });
}
