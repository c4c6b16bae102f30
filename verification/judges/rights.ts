/** Roles and bindings: who may do what in the cluster. */
import type { Environment } from '../../model/environment';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { Inspection } from './inspection';
import { splitNamespaces } from './inventory';
import type { Judge } from './subject';

const KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
const RBAC = 'rbac.authorization.k8s.io';

export const rightsJudge: Judge = {
  name: 'rights',
  kinds: KINDS,
  judge: ({ environment, objects }) => {
    const findings: string[] = [];
    const roles = declaredRoles(environment);
    const bindings = declaredBindings(environment);
    for (const object of objects.filter(({ kind }) => KINDS.includes(kind))) {
      const inspection = Inspection.of(object, findings);
      inspection.neutral('kind');
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      if (object.kind.endsWith('Binding')) inspectBinding(inspection, bindings[key]);
      else inspectRole(inspection, object, roles[key] ?? []);
      inspection.close();
    }
    return findings;
  },
};

/** `verb resource.group` */
type Right = string;

const rights = (group: string, resources: readonly string[], verbs: readonly string[]): Right[] =>
  resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`));

const READ = ['get', 'list', 'watch'];

function declaredRoles({ mesh }: Environment): Readonly<Record<string, readonly Right[]>> {
  const viewer = [
    ...rights('', ['pods', 'pods/log', 'services', 'serviceaccounts', 'events', 'configmaps'], READ),
    ...rights('apps', ['deployments', 'replicasets'], READ),
    ...rights('autoscaling', ['horizontalpodautoscalers'], READ),
    ...rights('policy', ['poddisruptionbudgets'], READ),
    ...rights('networking.k8s.io', ['networkpolicies'], READ),
    ...rights(
      'networking.istio.io',
      ['virtualservices', 'destinationrules', 'sidecars', 'serviceentries', 'gateways'],
      READ,
    ),
    ...rights(
      'security.istio.io',
      ['authorizationpolicies', 'requestauthentications', 'peerauthentications'],
      READ,
    ),
  ];
  const admission = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'];
  return {
    [`/${mesh.name}-viewer`]: viewer,
    // In an incident they may restart pods, and nothing else.
    [`/${mesh.name}-operator`]: [
      ...viewer,
      ...rights('', ['pods'], ['delete']),
      ...rights('', ['pods/eviction'], ['create']),
    ],
    [`/${mesh.name}-plan`]: rights('admissionregistration.k8s.io', admission, ['get']),
    [`/${mesh.name}-apply`]: rights('admissionregistration.k8s.io', admission, [
      ...['get', 'list', 'create', 'update', 'patch', 'delete'],
    ]),
    // An admission policy limits what it may write further.
    [`/${mesh.name}-canary-rollback`]: rights(
      'networking.istio.io',
      ['virtualservices'],
      ['get', 'list', 'patch'],
    ),
    [`canary-rollback/${mesh.name}-canary-rollback`]: rights('', ['configmaps'], ['create', 'list']),
  };
}

function inspectRole(role: Inspection, object: KubernetesManifest, declared: readonly Right[]): void {
  const granted = new Set<Right>();
  for (const rule of role.items('rules')) {
    const [groups, resources, verbs] = ['apiGroups', 'resources', 'verbs'].map(
      (key) => (rule.get(key) ?? []) as readonly string[],
    );
    for (const group of groups ?? [])
      rights(group, resources ?? [], verbs ?? []).forEach((it) => granted.add(it));
  }
  for (const right of granted)
    if (!declared.includes(right))
      role.finding(`grants '${right}', which ${object.metadata.name} must not have`);
  for (const right of declared) if (!granted.has(right)) role.finding(`lacks '${right}'`);
}

interface Binding {
  readonly role: string;
  readonly kind: 'Role' | 'ClusterRole';
  readonly subjects: readonly (readonly [kind: 'Group' | 'User', name: string])[];
}

function declaredBindings(environment: Environment): Readonly<Record<string, Binding>> {
  const { mesh, domains, project } = environment;
  const groups = [...new Set(domains.flatMap(({ viewers, operators }) => [viewers, operators]))].sort();
  const account = (name: string) => ['User', `${name}@${project.id}.iam.gserviceaccount.com`] as const;
  const cluster = (role: string, ...subjects: Binding['subjects']): Binding => ({
    role: `${mesh.name}-${role}`,
    kind: 'ClusterRole',
    subjects,
  });
  return {
    [`/${mesh.name}-platform-admins`]: cluster('operator', ['Group', mesh.platformAdmins]),
    [`/${mesh.name}-plan`]: cluster('plan', account('mesh-plan')),
    [`/${mesh.name}-apply`]: cluster('apply', account('mesh-apply')),
    [`canary-rollback/viewers`]: cluster('viewer', ...groups.map((name) => ['Group', name] as const)),
    [`canary-rollback/${mesh.name}-canary-rollback`]: {
      ...cluster('canary-rollback', account('canary-rollback')),
      kind: 'Role',
    },
    ...Object.fromEntries(
      splitNamespaces(environment).map((namespace) => [
        `${namespace}/canary-rollback`,
        cluster('canary-rollback', account('canary-rollback')),
      ]),
    ),
    ...Object.fromEntries(
      domains.flatMap(({ namespace, operators, viewers }) => [
        [`${namespace}/operators`, cluster('operator', ['Group', operators])],
        [`${namespace}/viewers`, cluster('viewer', ['Group', viewers])],
      ]),
    ),
  };
}

function inspectBinding(binding: Inspection, declared: Binding | undefined): void {
  binding.is('roleRef', declared && { apiGroup: RBAC, kind: declared.kind, name: declared.role });
  binding.is(
    'subjects',
    declared?.subjects.map(([kind, name]) => ({ apiGroup: RBAC, kind, name })),
  );
}
