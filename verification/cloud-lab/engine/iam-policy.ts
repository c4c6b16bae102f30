import { checkMembers } from '../rules/members';
import type { ApiCall, Note } from './call';
import type { IamPolicy } from './iam-types';
import { refuse } from './refusal';
import { page } from './source';
import type { CloudState } from './world';

const EMPTY: IamPolicy = { version: 1, etag: 'ACAB' };
const CONCURRENT = page('iam/docs/retry-strategy#read-modify-write');
const ENDING = /[/:](get|set)IamPolicy$/;

export function readPolicy(world: CloudState, { api, path }: ApiCall): IamPolicy {
  return world.policies.get(world.key(api, path.replace(ENDING, ''))) ?? EMPTY;
}

/** Replaces the policy. The etag of the request must be the current one; audit configs need to be in the mask. */
export function writePolicy(world: CloudState, { api, path, body }: ApiCall, note: Note): IamPolicy {
  const key = world.key(api, path.replace(ENDING, ''));
  const before = world.policies.get(key) ?? EMPTY;
  const { policy, updateMask } = body as { policy?: IamPolicy; updateMask?: string };
  if (policy === undefined) refuse(400, 'INVALID_ARGUMENT', 'policy is required', CONCURRENT);
  if (policy.etag !== undefined && policy.etag !== before.etag)
    refuse(
      409,
      'ABORTED',
      'There were concurrent policy changes. Retry the whole read-modify-write.',
      CONCURRENT,
    );
  checkMembers(world, policy, note);
  const bindings = (policy.bindings ?? []).filter(({ members = [] }) => members.length > 0);
  const auditConfigs = updateMask?.includes('auditConfigs') ? policy.auditConfigs : before.auditConfigs;
  const after: IamPolicy = {
    version: policy.version ?? 1,
    etag: world.fingerprint(),
    ...(bindings.length > 0 && { bindings }),
    ...(auditConfigs !== undefined && auditConfigs.length > 0 && { auditConfigs }),
  };
  world.policies.set(key, after);
  for (const binding of bindings)
    for (const member of binding.members ?? []) world.granted(key, binding.role, member);
  return after;
}

/** @param api of the resource, without the ending `.googleapis.com` */
export function holdsRole(
  world: CloudState,
  api: string,
  name: string,
  role: string,
  member: string,
): boolean {
  const key = world.key(api, name);
  const bindings = world.policies.get(key)?.bindings ?? [];
  return (
    bindings.some((binding) => binding.role === role && binding.members?.includes(member)) &&
    world.isEffective(key, role, member)
  );
}

export function isPolicyMethod(path: string): boolean {
  return ENDING.test(path);
}
