import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1/VirtualService';
import { Construct } from 'constructs';
import { splitMetadata } from '../../model/canary/split';
import type { Environment } from '../../model/environment';
import { INGRESS_GATEWAY } from '../../model/naming';
import { publicHosts } from '../../model/public-routes';
import { KubernetesObject } from '../kubernetes-object';
import { replaceWeights } from '../retail-microservice/canary-weights';
import type { RoutedService } from '../retail-microservice/traffic-policy';
import { renderPublicRoutes } from './public-route';

export interface PublicRoutesProps {
  readonly environment: Environment;
  /** Namespace of the ingress gateway, and its default deny. */
  readonly dependsOn: readonly KubernetesObject[];
  /** By name of the service. */
  readonly routed: ReadonlyMap<string, RoutedService>;
}

/**
 * One VirtualService for each public host, with the routes of all of its services in one order. Istio would merge
 * several VirtualServices of a host in the order of their creation.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
export class PublicRoutes extends Construct {
  constructor(scope: Construct, id: string, props: PublicRoutesProps) {
    super(scope, id);
    const { environment, routed, dependsOn } = props;
    for (const host of publicHosts(environment)) {
      const services = [...new Set(host.routes.map(({ service }) => service))];
      const parts = services.flatMap(({ name }) => routed.get(name) ?? []);
      const weights = new Map(parts.flatMap((part) => [...part.weights]));
      new KubernetesObject(
        this,
        host.id,
        new VirtualService({
          metadata: {
            name: host.id,
            namespace: INGRESS_GATEWAY.namespace,
            ...splitMetadata(services, environment),
          },
          spec: {
            hosts: [host.name],
            gateways: [`${INGRESS_GATEWAY.namespace}/${INGRESS_GATEWAY.name}`],
            http: renderPublicRoutes(host),
          },
        }),
        {
          dependsOn: [...dependsOn, ...parts.flatMap((part) => part.destinations)],
          ...(weights.size > 0 && { replaceLeaves: (object) => replaceWeights(object, weights) }),
        },
      );
    }
  }
}
