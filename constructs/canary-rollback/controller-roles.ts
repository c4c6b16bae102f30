import { Construct } from 'constructs';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { WEIGHT_CAP_NAMESPACE } from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { ROLLBACK_CONTROLLER, rollbackControllerEmail } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import type { DefaultDenyNamespace } from '../mesh/default-deny-namespace';

export interface ControllerRolesProps {
  readonly environment: Environment;
  /** Namespace of the weight caps. */
  readonly weightCaps: DefaultDenyNamespace;
  /** Namespaces with a service that may have a canary. */
  readonly namespaces: readonly DefaultDenyNamespace[];
}

const RBAC = 'rbac.authorization.k8s.io';

/** Kubernetes roles of the rollback controller. An admission policy limits its writes further. PCI DSS 7.2.5, 8.6.1. */
export class ControllerRoles extends Construct {
  constructor(scope: Construct, id: string, props: ControllerRolesProps) {
    super(scope, id);
    const { environment, weightCaps, namespaces } = props;
    const name = `${environment.mesh.name}-${ROLLBACK_CONTROLLER}`;
    const subjects = [
      { apiGroup: RBAC, kind: 'User', name: rollbackControllerEmail(environment.project.id) },
    ];

    const weightCapWriter = new KubernetesObject(
      this,
      'WeightCapWriter',
      new Role({
        metadata: { name, namespace: WEIGHT_CAP_NAMESPACE },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'list'] }],
      }),
      { dependsOn: weightCaps.defaultDeny },
    );
    new KubernetesObject(
      this,
      'WeightCapWriterBinding',
      new RoleBinding({
        metadata: { name, namespace: WEIGHT_CAP_NAMESPACE },
        roleRef: { apiGroup: RBAC, kind: 'Role', name },
        subjects,
      }),
      { dependsOn: [...weightCaps.defaultDeny, weightCapWriter] },
    );

    const weightEditor = new KubernetesObject(
      this,
      'WeightEditor',
      new ClusterRole({
        metadata: { name },
        rules: [
          {
            apiGroups: ['networking.istio.io'],
            resources: ['virtualservices'],
            verbs: ['get', 'list', 'patch'],
          },
        ],
      }),
    );
    for (const namespace of namespaces) {
      new KubernetesObject(
        namespace,
        'CanaryRollback',
        new RoleBinding({
          metadata: { name: ROLLBACK_CONTROLLER, namespace: namespace.name },
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
          subjects,
        }),
        { dependsOn: [...namespace.defaultDeny, weightEditor] },
      );
    }
  }
}
