import { Construct } from 'constructs';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { CEILING_NAMESPACE } from '../../model/canary/ceiling';
import type { Environment } from '../../model/environment';
import { canaryGuardEmail } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import type { GuardedNamespace } from '../mesh/guarded-namespace';

export interface GuardRightsProps {
  readonly environment: Environment;
  /** Namespace of the ceilings. */
  readonly ceilings: GuardedNamespace;
  /** Namespaces with a service that may have a canary. */
  readonly namespaces: readonly GuardedNamespace[];
}

const RBAC = 'rbac.authorization.k8s.io';

/** What the guard may ask of the API server. A policy confines what it may write. PCI DSS 7.2.5, 8.6.1. */
export class GuardRights extends Construct {
  constructor(scope: Construct, id: string, props: GuardRightsProps) {
    super(scope, id);
    const { environment, ceilings, namespaces } = props;
    const name = `${environment.mesh.name}-canary-guard`;
    const subjects = [{ apiGroup: RBAC, kind: 'User', name: canaryGuardEmail(environment.project.id) }];

    const keeper = new KubernetesObject(
      this,
      'CeilingKeeper',
      new Role({
        metadata: { name, namespace: CEILING_NAMESPACE },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'list'] }],
      }),
      { dependsOn: ceilings.guards },
    );
    new KubernetesObject(
      this,
      'CeilingKeeperBinding',
      new RoleBinding({
        metadata: { name, namespace: CEILING_NAMESPACE },
        roleRef: { apiGroup: RBAC, kind: 'Role', name },
        subjects,
      }),
      { dependsOn: [...ceilings.guards, keeper] },
    );

    const weigher = new KubernetesObject(
      this,
      'Weigher',
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
        'CanaryGuard',
        new RoleBinding({
          metadata: { name: 'canary-guard', namespace: namespace.name },
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
          subjects,
        }),
        { dependsOn: [...namespace.guards, weigher] },
      );
    }
  }
}
