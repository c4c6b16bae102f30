/** Refuses methods whose permission the account's roles do not have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../support/project-root';
import { refuse } from '../engine/refusal';
import { page, type Source } from '../engine/source';

export interface Permissions {
  /** @throws Refusal */
  require(account: string, method: string, resource: string): void;
}

/** Permissions of methods and of roles, from Google's references. */
export interface PermissionTables {
  /** By the id of the method; an empty list for methods that need none. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  /** Only those permissions that a method needs. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

const SOURCE = page('iam/docs/permissions-reference');
const MISSING: Source = { strength: 'convention', reference: 'permissions/tables.json: add the method' };

export function readPermissionTables(): PermissionTables {
  const file = join(projectRoot(), 'verification', 'cloud-lab', 'permissions', 'tables.json');
  return JSON.parse(readFileSync(file, 'utf8')) as PermissionTables;
}

/** Project-level roles only: the pipeline's accounts have no others. */
export class RolePermissions implements Permissions {
  private readonly granted: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly tables: PermissionTables,
    roles: ReadonlyMap<string, readonly string[]>,
    customRoles: ReadonlyMap<string, readonly string[]>,
  ) {
    const permissionsOf = (role: string) => customRoles.get(role) ?? tables.roles[role] ?? [];
    this.granted = new Map(
      [...roles].map(([account, names]) => [account, new Set(names.flatMap(permissionsOf))]),
    );
  }

  require(account: string, method: string, resource: string): void {
    // An account that may start an operation may also wait for it.
    if (/[oO]perations\.(get|wait)$/.test(method)) return;
    const needed = this.tables.methods[method];
    if (needed === undefined) refuse(501, 'UNIMPLEMENTED', `no permission is known for ${method}`, MISSING);
    const missing = needed.filter((permission) => !this.granted.get(account)?.has(permission));
    if (missing.length > 0)
      refuse(403, 'PERMISSION_DENIED', `${account} lacks ${missing.join(', ')} on '${resource}'`, SOURCE);
  }
}
