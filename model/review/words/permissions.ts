/** Changed edges in the words of the call graph: `new caller: frontend → order-management POST /orders`. */
import { eitherSide, type PermissionChange } from '../fact-change';
import { EXTERNAL_CLIENTS, type Permission } from '../facts/fact';
import { INGRESS_GATEWAY } from '../../naming';
import type { MeshMap } from '../mesh-map';
import type { Headline } from './headline';

type Turn = 'added' | 'removed' | 'token';

/**
 * @param before every permission that a changed policy gave
 * @param after every permission that it gives now
 */
export function permissionHeadlines(
  changes: readonly PermissionChange[],
  before: readonly Permission[],
  after: readonly Permission[],
  map: MeshMap,
): Headline[] {
  const groups = new Map<string, PermissionChange[]>();
  for (const change of withoutEchoes(changes)) {
    const { subject, topic, label, caller } = eitherSide(change);
    const tokens = [change.before?.token, change.after?.token];
    const key = JSON.stringify([subject, topic, label, caller, turnOf(change), tokens]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const turn = turnOf(first);
    const others = turn === 'removed' ? after : before;
    const isKnown = others.some((permission) => isSamePair(permission, eitherSide(first)));
    return requestsOf(group, map).map(({ caller, requests }) =>
      headline(first, turn, isKnown, caller, requests),
    );
  });
}

function headline(
  change: PermissionChange,
  turn: Turn,
  isKnown: boolean,
  caller: string,
  requests: string,
): Headline {
  const { subject, topic, label, token } = eitherSide(change);
  if (topic === 'third-party') {
    const verb = verbFor(turn, isKnown, 'third party called', 'third party no longer called');
    return { subject: caller, topic, text: `${verb}: ${label} ${requests}` };
  }
  const isPublic = eitherSide(change).caller === EXTERNAL_CLIENTS;
  if (turn === 'token') {
    const text = `end-user token ${change.before?.token} → ${change.after?.token}: ${caller} → ${requests}`;
    return { subject, topic: 'public', text };
  }
  if (isPublic) {
    const verb = turn === 'added' ? 'new public route' : 'public route gone';
    const place = label === '' ? '' : `${label}: `;
    const how = token === 'required' ? 'with a token' : 'WITHOUT a token';
    return { subject, topic: 'public', text: `${verb}: ${place}${requests}, ${how}` };
  }
  const verb = verbFor(turn, isKnown, 'caller', 'caller gone');
  return { subject, topic, text: `${verb}: ${caller} → ${subject} ${requests}` };
}

function verbFor(turn: Turn, isKnown: boolean, what: string, gone: string): string {
  if (turn === 'added') return isKnown ? `${what} may also` : `new ${what}`;
  return isKnown ? `${what} may no longer` : gone;
}

/** Per set of paths the methods, per set of those the versions of the caller. */
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
    for (const requests of shownRequests(pathsByMethod))
      versionsByRequests.set(requests, [...(versionsByRequests.get(requests) ?? []), version]);
  }
  return [...versionsByRequests].map(([requests, versions]) => ({
    caller: callerName(caller, versions, map),
    requests,
  }));
}

function shownRequests(pathsByMethod: ReadonlyMap<string, readonly string[]>): string[] {
  const methodsByPaths = new Map<string, string[]>();
  for (const [method, paths] of pathsByMethod) {
    const key = [...new Set(paths)].join(' ');
    methodsByPaths.set(key, [...(methodsByPaths.get(key) ?? []), method]);
  }
  return [...methodsByPaths].map(([paths, methods]) =>
    paths === '*' && methods.join() === '*' ? 'anything' : `${methods.join(' ')} ${paths}`,
  );
}

function callerName(caller: string, versions: readonly string[], map: MeshMap): string {
  const named = versions.filter((version) => version !== '');
  const all = map.versionsOf(caller);
  if (named.length === 0 || (all.length > 0 && all.every((version) => named.includes(version))))
    return caller;
  return `${caller} ${named.join(', ')}`;
}

/** The gateway lets through what services declare: told at the service, it need not be told again. */
function withoutEchoes(changes: readonly PermissionChange[]): readonly PermissionChange[] {
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

function turnOf({ before, after }: PermissionChange): Turn {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'token';
}

function isSamePair(one: Permission, other: Permission): boolean {
  return one.subject === other.subject && one.caller === other.caller && one.label === other.label;
}
