import { listAt, textAt, textsAt } from '../json';
import {
  parseManifest,
  resourceAfter,
  resourceBefore,
  type ResourceChange,
  type ResourceState,
} from '../resource-change';
import type { Flag, RiskFinding } from './flag';

const BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);
const ROLES: ReadonlySet<string> = new Set(['Role', 'ClusterRole']);

export const iamGranted: Flag = {
  id: 'iam-granted',
  severity: 'high',
  title: 'IAM or RBAC permissions granted',
  find: ({ changes }) => changes.flatMap(granted),
};

function granted(change: ResourceChange): RiskFinding[] {
  const after = resourceAfter(change);
  if (after === undefined) return [];
  const before = resourceBefore(change);
  const known = new Set(before ? grants(before) : []);
  return grants(after)
    .filter((grant) => !known.has(grant))
    .map((message) => ({ message, location: change.address }));
}

/** Every permission that the resource grants, for people. */
function grants(resource: ResourceState): string[] {
  const { type, values } = resource;
  const manifest = parseManifest(resource);
  if (manifest !== undefined) {
    if (BINDINGS.has(manifest.kind)) return bindingGrants(manifest.json, manifest.namespace);
    return ROLES.has(manifest.kind) ? listAt(manifest.json, 'rules').flatMap(ruleGrants) : [];
  }
  if (type === 'google_service_account_key') return ['service account key, which never expires'];
  if (!/_iam_(member|binding|policy)$/.test(type)) return [];
  const role = textAt(values, 'role') ?? `policy ${textAt(values, 'policy_data') ?? ''}`;
  const condition = listAt(values, 'condition').length > 0 ? ' (conditional)' : '';
  const members = [textAt(values, 'member'), ...textsAt(values, 'members')].filter(
    (member) => member !== undefined,
  );
  return (members.length === 0 ? ['a member that is known after apply'] : members).map(
    (member) => `${role} to ${shortMember(member)}${condition}`,
  );
}

function bindingGrants(binding: unknown, namespace: string): string[] {
  const role = textAt(binding, 'roleRef', 'name') ?? '';
  const scope = namespace === '' ? 'the whole cluster' : `namespace ${namespace}`;
  return listAt(binding, 'subjects').map(
    (subject) => `role ${role} in ${scope} to ${textAt(subject, 'kind')} ${textAt(subject, 'name')}`,
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

/** The subject of a federated principal, without its pool. */
function shortMember(member: string): string {
  const [, subject] = /\/subject\/(.+)$/.exec(member) ?? [];
  return subject ?? member;
}
