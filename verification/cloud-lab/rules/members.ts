/** IAM refuses roles, members and conditions that are not valid. */
import type { Note } from '../engine/call';
import type { IamPolicy } from '../engine/iam-types';
import { isApiObject } from '../engine/json';
import { invalid } from '../engine/refusal';
import { page } from '../engine/source';
import type { CloudState } from '../engine/world';

const ROLES = page('iam/docs/roles-overview#role-types');
const MEMBERS = page('iam/docs/principal-identifiers');
const CONDITIONS = page('iam/docs/policies#specifying-version-set');
const POOLS = page('kubernetes-engine/docs/how-to/workload-identity#enable-existing-cluster');
const ROLE = /^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[A-Za-z0-9_.]{3,64}$/;
const PRINCIPAL =
  /^principal(?:Set)?:\/\/iam\.googleapis\.com\/projects\/(\d+)\/locations\/global\/workloadIdentityPools\/([^/]+)\/(?:subject|group|namespace|attribute\.\w+|kubernetes\.cluster)\//;

export function checkMembers(world: CloudState, policy: IamPolicy, note: Note): void {
  for (const { role, members = [], condition } of policy.bindings ?? []) {
    if (!ROLE.test(role)) invalid(`Role ${role} is not supported for this resource.`, ROLES);
    if (condition !== undefined && policy.version !== 3)
      invalid('A policy with a condition must have version 3.', CONDITIONS);
    for (const member of members) checkMember(world, member, note);
  }
}

function checkMember(world: CloudState, member: string, note: Note): void {
  if (['allUsers', 'allAuthenticatedUsers'].includes(member)) return;
  const [type = '', ...rest] = member.split(':');
  const id = rest.join(':');
  switch (type) {
    case 'serviceAccount':
      checkServiceAccount(world, id);
      return;
    case 'principal':
    case 'principalSet': {
      const [, number, pool = ''] = PRINCIPAL.exec(member) ?? [];
      if (number === undefined) invalid(`Invalid principal ${member}`, MEMBERS);
      if (number !== world.projectNumber) note(`principal of another project: ${member}`);
      requirePool(world, pool);
      return;
    }
    case 'user':
    case 'group':
    case 'domain':
      if (id === '') invalid(`Invalid member ${member}`, MEMBERS);
      return;
    default:
      invalid(`Invalid member ${member}`, MEMBERS);
  }
}

function checkServiceAccount(world: CloudState, id: string): void {
  const [, project] = /^([^[]+)\.svc\.id\.goog\[[^/\]]+\/[^/\]]+\]$/.exec(id) ?? [];
  if (project !== undefined) requirePool(world, `${project}.svc.id.goog`);
  else if (!world.hasAccount(id)) invalid(`Service account ${id} does not exist.`, MEMBERS);
}

/** The workload identity pool of a project exists once a cluster uses it. */
function requirePool(world: CloudState, pool: string): void {
  const exists = world.entries().some(([key, resource]) => {
    const config = resource['workloadIdentityConfig'];
    return (
      /^container\/.*\/clusters\/[^/]+$/.test(key) && isApiObject(config) && config['workloadPool'] === pool
    );
  });
  if (!exists) invalid(`Identity Pool does not exist (${pool}).`, POOLS);
}
