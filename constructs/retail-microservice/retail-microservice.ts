import { Construct } from 'constructs';
import { Service as KubernetesService } from 'kubernetes-models/v1/Service';
import type { CallGraph } from '../../model/call-graph';
import type { Environment } from '../../model/environment';
import { streamServiceName } from '../../model/naming';
import { containerVariables } from '../../model/platform-variables';
import type { Service } from '../../model/service';
import type { AlertChannels } from '../alerting';
import { KubernetesObject } from '../kubernetes-object';
import { SecretMount } from '../secret-mount';
import { AccessPolicy } from './access-policy';
import { CanaryAlerts } from './canary-alerts';
import { ServiceLevelObjectives } from './service-level-objectives';
import { TrafficPolicy, type RoutedService } from './traffic-policy';
import { servicePort, versionSelector, VersionWorkload } from './workload';

export interface RetailMicroserviceProps {
  readonly environment: Environment;
  /** Call graph of the environment. */
  readonly graph: CallGraph;
  readonly service: Service;
  /** Expression for the weight caps in the cluster; `undefined` if no canary runs. */
  readonly weightCaps: string | undefined;
  readonly alertChannels: AlertChannels;
  /** Id of the channel to the rollback controller. */
  readonly rollbackChannel: string;
  /** Objects that must exist first: the namespace and its default deny. */
  readonly dependsOn: readonly KubernetesObject[];
}

/** One service: workloads, traffic policy, access policy, canary alerts, and SLOs. */
export class RetailMicroservice extends Construct {
  /** For the routes of its public hosts. */
  public readonly routed: RoutedService;

  constructor(scope: Construct, id: string, props: RetailMicroserviceProps) {
    super(scope, id);
    const { environment, graph, service, weightCaps, alertChannels, rollbackChannel, dependsOn } = props;
    const options = { dependsOn };

    // Clients without the mesh's routes reach the stable version only, never the canary.
    const stable = service.versions[0];
    const host = new KubernetesObject(
      this,
      'Service',
      new KubernetesService({
        metadata: { name: service.name, namespace: service.namespace, labels: { app: service.name } },
        spec: { selector: versionSelector(service, stable), ports: [servicePort(service)] },
      }),
      options,
    );

    const streamHosts =
      service.streams.length === 0
        ? []
        : [
            new KubernetesObject(
              this,
              'StreamsService',
              new KubernetesService({
                metadata: {
                  name: streamServiceName(service.name),
                  namespace: service.namespace,
                  labels: { app: service.name },
                },
                spec: { selector: versionSelector(service, stable), ports: [servicePort(service)] },
              }),
              options,
            ),
          ];

    const mounts =
      service.secrets.length === 0
        ? []
        : [
            new SecretMount(this, 'Secrets', {
              name: service.name,
              namespace: service.namespace,
              projectId: environment.project.id,
              files: service.secrets.map((secret) => ({ secret, fileName: secret })),
              dependsOn,
            }).providerClass,
          ];

    const workloads = service.versions.map(
      (version) =>
        new VersionWorkload(this, version.name.toUpperCase(), {
          mesh: environment.mesh.name,
          service,
          version,
          variables: containerVariables(environment, graph, service, version),
          projectId: environment.project.id,
          mounts,
          dependsOn,
        }),
    );

    this.routed = new TrafficPolicy(this, 'Default', {
      environment,
      service,
      weightCaps,
      dependsOn: [...dependsOn, host, ...streamHosts, ...workloads.map((workload) => workload.host)],
    });
    new AccessPolicy(this, 'Access', { environment, graph, service, dependsOn });
    new CanaryAlerts(this, 'Canary', { service, rollbackChannel, alertChannels });
    new ServiceLevelObjectives(this, 'Slo', { environment, service, alertChannels });
  }
}
