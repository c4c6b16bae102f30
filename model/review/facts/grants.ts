/** Permissions that a resource grants, at Google and in the cluster. */
import { listAt, textAt, textsAt } from '../json';
import { parseManifest, type ResourceState } from '../resource-change';
import { THE_MESH, type Setting } from './fact';

const BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);
const ROLES: ReadonlySet<string> = new Set(['Role', 'ClusterRole']);
const IAM_TYPE = /_iam_(member|binding|policy)$/;
const PROJECT = 'permissions';

export function isGrant({ type, values }: ResourceState): boolean {
  const kind = parseManifest({ address: '', type, values })?.kind ?? '';
  return (
    IAM_TYPE.test(type) || type === 'google_service_account_key' || BINDINGS.has(kind) || ROLES.has(kind)
  );
}

/** One fact for each binding, so that an added one is a headline; the permissions of a role are one set. */
export function grantFacts(resource: ResourceState): Setting[] {
  const manifest = parseManifest(resource);
  const subject =
    manifest === undefined ? PROJECT : manifest.namespace === '' ? THE_MESH : manifest.namespace;
  const base = { kind: 'setting', topic: 'permission', subject, source: resource.address } as const;
  const items = grants(resource);
  if (manifest !== undefined && ROLES.has(manifest.kind)) {
    const display = `${items.length} permissions`;
    return [
      { ...base, label: `role ${manifest.name}`, value: items.join('\n'), display, items, minor: 'added' },
    ];
  }
  return items.map((grant) => ({ ...base, label: grant, value: 1, display: 'granted' }));
}

/** Every permission that the resource grants, for people. */
export function grants(resource: ResourceState): string[] {
  const { type, values } = resource;
  const manifest = parseManifest(resource);
  if (manifest !== undefined) {
    if (BINDINGS.has(manifest.kind)) return bindingGrants(manifest.json, manifest.namespace);
    return ROLES.has(manifest.kind) ? listAt(manifest.json, 'rules').flatMap(ruleGrants) : [];
  }
  if (type === 'google_service_account_key') return ['service account key, which never expires'];
  if (!IAM_TYPE.test(type)) return [];
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
