import { listAt, textAt, textsAt } from '../json';
import {
  kubernetesObject,
  resourceAfter,
  resourceBefore,
  type Resource,
  type ResourceChange,
} from '../resource-change';
import type { Finding, Flag } from './flag';

const BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);
const ROLES: ReadonlySet<string> = new Set(['Role', 'ClusterRole']);

export const iamGranted: Flag = {
  id: 'iam-granted',
  severity: 'high',
  title: 'Somebody or something gets rights',
  find: ({ changes }) => changes.flatMap(granted),
};

function granted(change: ResourceChange): Finding[] {
  const after = resourceAfter(change);
  if (after === undefined) return [];
  const before = resourceBefore(change);
  const known = new Set(before ? grants(before) : []);
  return grants(after)
    .filter((grant) => !known.has(grant))
    .map((what) => ({ what, where: change.address }));
}

/** Every right that the resource gives, in words. */
function grants(resource: Resource): string[] {
  const { type, values } = resource;
  const object = kubernetesObject(resource);
  if (object !== undefined) {
    if (BINDINGS.has(object.kind)) return bindingGrants(object.json, object.namespace);
    return ROLES.has(object.kind) ? listAt(object.json, 'rules').flatMap(ruleGrants) : [];
  }
  if (type === 'google_service_account_key') return ['a key that never expires'];
  if (!/_iam_(member|binding|policy)$/.test(type)) return [];
  const role = textAt(values, 'role') ?? `policy ${textAt(values, 'policy_data') ?? ''}`;
  const condition = listAt(values, 'condition').length > 0 ? ' under a condition' : '';
  const members = [textAt(values, 'member'), ...textsAt(values, 'members')].filter(
    (member) => member !== undefined,
  );
  return (members.length === 0 ? ['a member known after apply'] : members).map(
    (member) => `${role} to ${shortMember(member)}${condition}`,
  );
}

function bindingGrants(binding: unknown, namespace: string): string[] {
  const role = textAt(binding, 'roleRef', 'name') ?? '';
  const where = namespace === '' ? 'the whole cluster' : namespace;
  return listAt(binding, 'subjects').map(
    (subject) => `role ${role} in ${where} to ${textAt(subject, 'kind')} ${textAt(subject, 'name')}`,
  );
}

function ruleGrants(rule: unknown): string[] {
  const named = textsAt(rule, 'resourceNames');
  const resources = [...textsAt(rule, 'resources'), ...textsAt(rule, 'nonResourceURLs')];
  return resources.flatMap((resource) =>
    textsAt(rule, 'verbs').map(
      (verb) => `${verb} ${resource}${named.length === 0 ? '' : ` ${named.join(', ')}`}`,
    ),
  );
}

/** The end of a federated principal says who it is; the pool before it is always the same. */
function shortMember(member: string): string {
  const [, subject] = /\/subject\/(.+)$/.exec(member) ?? [];
  return subject ?? member;
}
