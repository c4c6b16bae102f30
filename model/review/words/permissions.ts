/** Changed edges of the call graph: `new caller: frontend → order-management POST /orders`. */
import { eitherSide, type PermissionChange } from '../fact-change';
import { EXTERNAL_CLIENTS, type Permission } from '../facts/fact';
import { INGRESS_GATEWAY } from '../../naming';
import type { MeshMap } from '../mesh-map';
import type { Headline } from './headline';

type ChangeKind = 'added' | 'removed' | 'token';

/**
 * @param before every permission of the changed policies before the change
 * @param after every permission after the change
 */
export function permissionHeadlines(
  changes: readonly PermissionChange[],
  before: readonly Permission[],
  after: readonly Permission[],
  map: MeshMap,
): Headline[] {
  const groups = new Map<string, PermissionChange[]>();
  for (const change of withoutGatewayRepeats(changes)) {
    const { subject, topic, label, caller } = eitherSide(change);
    const tokens = [admission(change.before), admission(change.after)];
    const key = JSON.stringify([subject, topic, label, caller, kindOf(change), tokens]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const kind = kindOf(first);
    const others = kind === 'removed' ? after : before;
    const isKnown = others.some((permission) => isSamePair(permission, eitherSide(first)));
    return requestsOf(group, map).map(({ caller, requests }) =>
      headline(first, kind, isKnown, caller, requests),
    );
  });
}

function headline(
  change: PermissionChange,
  kind: ChangeKind,
  isKnown: boolean,
  caller: string,
  requests: string,
): Headline {
  const { subject, topic, label, token, requires, sources } = eitherSide(change);
  if (topic === 'third-party') {
    const what = describeChange(kind, isKnown, 'third-party call');
    return { subject: caller, topic, text: `${what}: ${label} ${requests}` };
  }
  const isPublic = eitherSide(change).caller === EXTERNAL_CLIENTS;
  if (kind === 'token') {
    const text = `end-user token ${admission(change.before)} → ${admission(change.after)}: ${caller} → ${requests}`;
    return { subject, topic: 'public', text };
  }
  if (isPublic) {
    const what = kind === 'added' ? 'new public route' : 'public route removed';
    const host = label === '' ? '' : `${label}: `;
    const authentication = token === 'required' ? 'with end-user token' : 'WITHOUT end-user token';
    const conditions = [...requires, ...(sources.length === 0 ? [] : [`from ${sources.join(', ')}`])];
    return {
      subject,
      topic: 'public',
      text: [`${what}: ${host}${requests}`, authentication, ...conditions].join(', '),
    };
  }
  const what = describeChange(kind, isKnown, 'caller');
  return { subject, topic, text: `${what}: ${caller} → ${subject} ${requests}` };
}

/** `required`, `required with scope profile.write`, `none from 203.0.113.0/24`. */
function admission(permission: Permission | undefined): string {
  if (permission === undefined) return 'none';
  const { token, requires, sources } = permission;
  return [
    [token, ...requires].join(' with '),
    ...(sources.length === 0 ? [] : [`from ${sources.join(', ')}`]),
  ].join(' ');
}

/** @param isKnown whether the two were connected before (added) or still are (removed) */
function describeChange(kind: ChangeKind, isKnown: boolean, edge: string): string {
  if (kind === 'added') return isKnown ? 'additional access' : `new ${edge}`;
  return isKnown ? 'access removed' : `${edge} removed`;
}

/** Groups the requests by paths and methods, and those by versions of the caller. */
function requestsOf(
  group: readonly PermissionChange[],
  map: MeshMap,
): { readonly caller: string; readonly requests: string }[] {
  const byVersion = new Map<string, Map<string, string[]>>();
  for (const change of group) {
    const { callerVersion = '', method, path } = eitherSide(change);
    const paths = byVersion.get(callerVersion) ?? new Map<string, string[]>();
    paths.set(method, [...(paths.get(method) ?? []), path]);
    byVersion.set(callerVersion, paths);
  }
  const caller = group[0] === undefined ? '' : eitherSide(group[0]).caller;
  const versionsByRequests = new Map<string, string[]>();
  for (const [version, pathsByMethod] of byVersion) {
    for (const requests of describeRequests(pathsByMethod))
      versionsByRequests.set(requests, [...(versionsByRequests.get(requests) ?? []), version]);
  }
  return [...versionsByRequests].map(([requests, versions]) => ({
    caller: callerName(caller, versions, map),
    requests,
  }));
}

function describeRequests(pathsByMethod: ReadonlyMap<string, readonly string[]>): string[] {
  const methodsByPaths = new Map<string, string[]>();
  for (const [method, paths] of pathsByMethod) {
    const key = [...new Set(paths)].join(' ');
    methodsByPaths.set(key, [...(methodsByPaths.get(key) ?? []), method]);
  }
  return [...methodsByPaths].map(([paths, methods]) =>
    paths === '*' && methods.join() === '*' ? 'any request' : `${methods.join(' ')} ${paths}`,
  );
}

function callerName(caller: string, versions: readonly string[], map: MeshMap): string {
  const named = versions.filter((version) => version !== '');
  const all = map.versionsOf(caller);
  if (named.length === 0 || (all.length > 0 && all.every((version) => named.includes(version))))
    return caller;
  return `${caller} ${named.join(', ')}`;
}

/** The ingress gateway admits what services declare; a change that the service reports is not repeated. */
function withoutGatewayRepeats(changes: readonly PermissionChange[]): readonly PermissionChange[] {
  const described = new Set(
    changes
      .map(eitherSide)
      .filter(({ subject, caller }) => caller === EXTERNAL_CLIENTS && subject !== INGRESS_GATEWAY.name)
      .map(({ method, path }) => `${method} ${path}`),
  );
  return changes.filter((change) => {
    const { subject, method, path } = eitherSide(change);
    return subject !== INGRESS_GATEWAY.name || !described.has(`${method} ${path}`);
  });
}

function kindOf({ before, after }: PermissionChange): ChangeKind {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'token';
}

function isSamePair(one: Permission, other: Permission): boolean {
  return one.subject === other.subject && one.caller === other.caller && one.label === other.label;
}
