import type { Construct } from 'constructs';
import type { AlertChannels } from '../constructs/alerting';
import { WeightCaps } from '../constructs/canary-rollback/weight-caps';
import { ControllerRoles } from '../constructs/canary-rollback/controller-roles';
import { ClusterAccess } from '../constructs/cluster-access';
import { EgressGateway } from '../constructs/gateway/egress-gateway';
import { IngressGateway } from '../constructs/gateway/ingress-gateway';
import { AccessRoles } from '../constructs/mesh/access-roles';
import { DefaultDenyNamespace } from '../constructs/mesh/default-deny-namespace';
import { PublicRoutes } from '../constructs/gateway/public-routes';
import { MeshBaseline } from '../constructs/mesh/mesh-baseline';
import { RegistryEntries } from '../constructs/mesh/registry-entries';
import { RetailMicroservice } from '../constructs/retail-microservice/retail-microservice';
import type { RoutedService } from '../constructs/retail-microservice/traffic-policy';
import { addJourneys } from '../constructs/objectives';
import { canaryNamespaces } from '../model/canary/split';
import { CallGraph } from '../model/call-graph';
import { LABELS } from '../model/naming';
import { RetailStack, type RetailStackProps } from './retail-stack';

export interface MeshPoliciesStackProps extends RetailStackProps {
  /** Channels of the observability stack. */
  readonly alertChannels: AlertChannels;
  /** Channel of the rollback controller, from the observability stack. */
  readonly rollbackChannel: string;
}

/** Baseline policies, gateways, and every service with its policies, SLOs and alerts. */
export class MeshPoliciesStack extends RetailStack {
  constructor(scope: Construct, props: MeshPoliciesStackProps) {
    super(scope, 'mesh-policies', props);
    const { environment, alertChannels, rollbackChannel } = props;
    const graph = new CallGraph(environment);

    new ClusterAccess(this, 'Cluster', { environment });
    new MeshBaseline(this, 'Mesh');
    new RegistryEntries(this, 'Registry', { environment });
    const ingressGateway = new IngressGateway(this, 'IngressGateway', { environment });
    if (environment.externals.length > 0) new EgressGateway(this, 'EgressGateway', { environment, graph });

    const roles = new AccessRoles(this, 'Roles', { environment });
    const namespaces = new Map(
      environment.domains.map((domain) => {
        const namespace = new DefaultDenyNamespace(this, `${domain.name}-domain`, {
          name: domain.namespace,
          labels: { [LABELS.domain]: domain.name },
        });
        roles.grant(domain, namespace);
        return [domain.namespace, namespace];
      }),
    );

    namespaces.set(ingressGateway.namespace.name, ingressGateway.namespace);
    const withCanaries = canaryNamespaces(environment).flatMap((name) => namespaces.get(name) ?? []);
    const weightCaps = withCanaries.length > 0 ? new WeightCaps(this, 'Canary', { environment }) : undefined;
    if (weightCaps) {
      roles.grantWeightCapViewers(environment.domains, weightCaps.namespace);
      new ControllerRoles(this, 'CanaryRollback', {
        environment,
        weightCaps: weightCaps.namespace,
        namespaces: withCanaries,
      });
    }

    const routed = new Map<string, RoutedService>();
    for (const service of environment.services) {
      const microservice = new RetailMicroservice(this, service.catalogueName, {
        environment,
        graph,
        service,
        weightCaps: weightCaps?.list,
        alertChannels,
        rollbackChannel,
        dependsOn: namespaces.get(service.namespace)?.defaultDeny ?? [],
      });
      routed.set(service.name, microservice.routed);
      if (service.renamedFrom !== undefined) this.moveFrom(service.renamedFrom, microservice);
    }
    new PublicRoutes(this, 'Public', {
      environment,
      routed,
      dependsOn: ingressGateway.namespace.defaultDeny,
    });
    addJourneys(this, environment, alertChannels);
  }
}
