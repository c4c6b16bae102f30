import { addressOf, isMap, valuesAt, type GateCheck, type GatedStack, type JsonValue } from '../gate-check';

/** Arguments that name a Google resource inside its parent. */
const NAMES = [
  'account_id',
  'bucket_id',
  'cluster_id',
  'instance_id',
  'name',
  'repository_id',
  'secret_id',
  'service',
  'service_id',
  'slo_id',
] as const;
/** Arguments with the parent. Equal names below different parents are different resources. */
const PARENTS = [
  'cluster',
  'feature',
  'firewall_policy',
  'instance',
  'key_ring',
  'location',
  'managed_zone',
  'map',
  'priority',
  'project',
  'region',
  'type',
  'zone',
] as const;
/** Arguments that do not belong to the identity of a grant. */
const WITHOUT_IDENTITY: readonly string[] = ['//', 'depends_on', 'lifecycle', 'provider'];

export const renderedOnce: GateCheck = {
  id: 'GAT-012',
  title: 'Every object has one resource',
  severity: 'error',
  rationale:
    'Two resources for one object overwrite each other at every apply, and removing one deletes the object of both.',
  source: 'https://developer.hashicorp.com/terraform/language/resources/syntax',
  fix: 'rename one of them, or remove it',
  check: (stack, environment) => {
    const owners = new Map<string, string>();
    for (const other of environment) {
      if (other.id === stack.id) break;
      for (const { key, address } of identitiesOf(other)) owners.set(key, `${other.id}: ${address}`);
    }
    return identitiesOf(stack).flatMap(({ key, title, address }) => {
      const owner = owners.get(key);
      owners.set(key, owner ?? address);
      return owner === undefined ? [] : [{ address, message: `${title} is also ${owner}` }];
    });
  },
};

interface Identity {
  readonly key: string;
  /** For people. */
  readonly title: string;
  readonly address: string;
}

function identitiesOf(stack: GatedStack): Identity[] {
  const objects = stack.manifests.map(({ address, kind, body }): Identity => {
    const [version, namespace, name] = ['apiVersion', 'metadata.namespace', 'metadata.name'].map((path) =>
      textAt(body, path),
    );
    const group = version?.includes('/') ? version.split('/')[0] : '';
    const title = `${kind} '${namespace === undefined ? '' : `${namespace}/`}${name}'`;
    return { key: JSON.stringify([group, kind, namespace, name]), title, address };
  });
  const resources = stack.resources.flatMap((resource): Identity[] => {
    const { type, body } = resource;
    if (!type.startsWith('google_') && type !== 'helm_release') return [];
    const identity = type.endsWith('_iam_member') ? grantOf(body) : namesOf(body);
    if (identity === undefined) return [];
    const text = JSON.stringify([type, identity]);
    // A reference names a resource of its own stack.
    const key = text.includes('${') ? `${stack.id} ${text}` : text;
    return [{ key, title: `${type} ${Object.values(identity).join(' ')}`, address: addressOf(resource) }];
  });
  return [...objects, ...resources];
}

/** Undefined for resources without a name, such as dashboards. */
function namesOf(body: JsonValue): Record<string, string> | undefined {
  const found = (keys: readonly string[]) =>
    keys.flatMap((key) => {
      const value = isMap(body) ? body[key] : undefined;
      return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)] as const] : [];
    });
  const names = found(NAMES);
  return names.length === 0 ? undefined : Object.fromEntries([...names, ...found(PARENTS)]);
}

function grantOf(body: JsonValue): Record<string, string> | undefined {
  if (!isMap(body)) return undefined;
  return Object.fromEntries(
    Object.entries(body)
      .filter(([key]) => !WITHOUT_IDENTITY.includes(key))
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function textAt(body: JsonValue, path: string): string | undefined {
  const [value] = valuesAt(body, path);
  return typeof value === 'string' ? value : undefined;
}
