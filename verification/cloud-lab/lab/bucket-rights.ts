/** Rights on the state bucket, derived from the commands of `mesh bootstrap`. */
import type { Environment } from '../../../model/environment';
import { stateGrants } from '../../../tools/bootstrap/state-store';
import type { BucketRights, ObjectAccess } from '../server/state-bucket';

interface Grant {
  readonly account: string;
  readonly allows: readonly ObjectAccess[];
  /** On names of objects. */
  readonly condition: (object: string) => boolean;
}

/** @see https://cloud.google.com/storage/docs/access-control/iam-roles */
const ROLES: Readonly<Record<string, readonly ObjectAccess[]>> = {
  'roles/storage.objectViewer': ['get'],
  'roles/storage.objectCreator': ['create'],
  'roles/storage.objectUser': ['get', 'create', 'delete'],
};

/** @throws Error if bootstrap grants another role or uses another condition than this reads */
export function bucketRights(environment: Environment, bucket: string): BucketRights {
  const grants = stateGrants(environment).map(({ command }): Grant => {
    const option = (name: string) =>
      command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
    const allows = ROLES[option('role')];
    if (allows === undefined) throw new Error(`unknown role on the state bucket: ${option('role')}`);
    return {
      account: option('member').replace(/^serviceAccount:/, ''),
      allows,
      condition: conditionOf(option('condition'), `projects/_/buckets/${bucket}/objects/`),
    };
  });
  return (account, access, object) =>
    grants.some(
      (grant) => grant.account === account && grant.allows.includes(access) && grant.condition(object),
    );
}

/** Alternatives of `startsWith` and `endsWith`, the part of CEL that bootstrap uses. */
function conditionOf(condition: string, objects: string): Grant['condition'] {
  if (condition === 'None') return () => true;
  const [, expression = ''] = /,expression=(.*)$/.exec(condition) ?? [];
  const tests = expression.split(' || ').map((term) => {
    const [, method, text = ''] = /^resource\.name\.(startsWith|endsWith)\('([^']+)'\)$/.exec(term) ?? [];
    if (method === undefined) throw new Error(`unknown condition on the state bucket: ${term}`);
    return (name: string) => (method === 'startsWith' ? name.startsWith(text) : name.endsWith(text));
  });
  return (object) => tests.some((test) => test(`${objects}${object}`));
}
