import { Construct } from 'constructs';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { WEIGHT_CAP_NAMESPACE } from '../../model/canary/weight-cap';
import type { Domain, Environment } from '../../model/environment';
import { KubernetesObject } from '../kubernetes-object';
import type { DefaultDenyNamespace } from './default-deny-namespace';

const READ = ['get', 'list', 'watch'];

/** Read access, without secrets and without exec into pods. */
const VIEWER_RULES = [
  {
    apiGroups: [''],
    resources: ['pods', 'pods/log', 'services', 'serviceaccounts', 'events', 'configmaps'],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: READ },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: READ },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: READ },
  {
    apiGroups: ['networking.istio.io'],
    resources: ['virtualservices', 'destinationrules', 'sidecars', 'serviceentries', 'gateways'],
    verbs: READ,
  },
  {
    apiGroups: ['security.istio.io'],
    resources: ['authorizationpolicies', 'requestauthentications', 'peerauthentications'],
    verbs: READ,
  },
];

/** Operators may also restart pods in an incident. Any other change needs a review. */
const OPERATOR_RULES = [
  ...VIEWER_RULES,
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
];

export interface AccessRolesProps {
  readonly environment: Environment;
}

/** Permissions of people in the cluster, by group. PCI DSS 7.2.1, 7.2.2. */
export class AccessRoles extends Construct {
  private readonly mesh: string;
  private readonly viewer: KubernetesObject;
  private readonly operator: KubernetesObject;

  constructor(scope: Construct, id: string, props: AccessRolesProps) {
    super(scope, id);
    const { mesh } = props.environment;
    this.mesh = mesh.name;
    this.viewer = this.clusterRole('viewer', VIEWER_RULES);
    this.operator = this.clusterRole('operator', OPERATOR_RULES);

    new KubernetesObject(
      this,
      'PlatformAdmins',
      new ClusterRoleBinding({
        metadata: { name: `${mesh.name}-platform-admins` },
        roleRef: this.roleRef('operator'),
        subjects: [group(mesh.platformAdmins)],
      }),
      { dependsOn: [this.operator] },
    );
  }

  /** Grants every domain's groups read access to the weight caps of canaries. */
  public grantWeightCapViewers(domains: readonly Domain[], namespace: DefaultDenyNamespace): void {
    const groups = new Set(domains.flatMap(({ viewers, operators }) => [viewers, operators]));
    new KubernetesObject(
      this,
      'WeightCapViewers',
      new RoleBinding({
        metadata: { name: 'viewers', namespace: WEIGHT_CAP_NAMESPACE },
        roleRef: this.roleRef('viewer'),
        subjects: [...groups].sort().map(group),
      }),
      { dependsOn: [...namespace.defaultDeny, this.viewer] },
    );
  }

  /** Binds the domain's groups in the domain's namespace. */
  public grant(domain: Domain, namespace: DefaultDenyNamespace): void {
    for (const [role, groupName, definition] of [
      ['viewer', domain.viewers, this.viewer],
      ['operator', domain.operators, this.operator],
    ] as const) {
      new KubernetesObject(
        namespace,
        role === 'viewer' ? 'Viewers' : 'Operators',
        new RoleBinding({
          metadata: { name: `${role}s`, namespace: namespace.name },
          roleRef: this.roleRef(role),
          subjects: [group(groupName)],
        }),
        { dependsOn: [...namespace.defaultDeny, definition] },
      );
    }
  }

  private clusterRole(role: 'viewer' | 'operator', rules: typeof VIEWER_RULES): KubernetesObject {
    return new KubernetesObject(
      this,
      role === 'viewer' ? 'Viewer' : 'Operator',
      new ClusterRole({ metadata: { name: `${this.mesh}-${role}` }, rules }),
    );
  }

  private roleRef(role: 'viewer' | 'operator') {
    return { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${this.mesh}-${role}` };
  }
}

function group(name: string) {
  return { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name };
}
