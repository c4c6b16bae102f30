import { factKey, type Fact, type Permission, type Setting } from './facts/fact';

/** One fact that differs. At least one side is present, and both are of the same kind. */
export type FactChange = Change<Setting> | Change<Permission>;

interface Change<F extends Fact> {
  readonly kind: F['kind'];
  readonly before: F | undefined;
  readonly after: F | undefined;
}

export type SettingChange = Change<Setting>;
export type PermissionChange = Change<Permission>;

export function compareFacts(before: readonly Fact[], after: readonly Fact[]): FactChange[] {
  const old = new Map(before.map((fact) => [factKey(fact), fact]));
  const now = new Map(after.map((fact) => [factKey(fact), fact]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const { kind } = (is ?? was)!;
    return was && is && isSame(was, is) ? [] : ({ kind, before: was, after: is } as FactChange);
  });
}

/** The side that is present; the later one if both are. */
export function eitherSide<F extends Fact>({ after, before }: Change<F>): F {
  const fact = after ?? before;
  if (fact === undefined) throw new Error('a fact change needs a before or an after');
  return fact;
}

/** Whether a limit, an objective or a protection got weaker. Removing one counts, adding one does not. */
export function isWeakened({ before, after }: SettingChange): boolean {
  if (before?.weaker === undefined) return false;
  if (after === undefined) return before.minor !== true && before.weaker !== 'more';
  if (before.items !== undefined && after.items !== undefined) {
    const { added, removed } = itemChanges(before.items, after.items);
    return before.weaker === 'more' ? added.length > 0 : before.weaker === 'fewer' && removed.length > 0;
  }
  if (typeof before.value !== 'number' || typeof after.value !== 'number') return false;
  return before.weaker === 'higher' ? after.value > before.value : after.value < before.value;
}

export function itemChanges(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((item) => !before.includes(item)),
    removed: before.filter((item) => !after.includes(item)),
  };
}

/** `100 → 300`, or for a set `added a; removed b`. */
export function describeSettingChange({ before, after }: SettingChange): string {
  if (before?.items !== undefined && after?.items !== undefined) {
    const { added, removed } = itemChanges(before.items, after.items);
    const parts = [
      [added, 'added'],
      [removed, 'removed'],
    ] as const;
    return parts
      .filter(([items]) => items.length > 0)
      .map(([items, verb]) => `${verb} ${items.join(', ')}`)
      .join('; ');
  }
  // A long text is not shown.
  if (before !== undefined && before.display === after?.display) return 'changed';
  return `${before?.display ?? 'none'} → ${after?.display ?? 'none'}`;
}

function isSame(one: Fact, other: Fact): boolean {
  if (one.kind === 'setting') return other.kind === 'setting' && one.value === other.value;
  return other.kind === 'permission' && isAdmittedAlike(one, other);
}

function isAdmittedAlike(one: Permission, other: Permission): boolean {
  const admission = ({ token, requires, sources }: Permission) =>
    JSON.stringify([token, [...requires].sort(), [...sources].sort()]);
  return admission(one) === admission(other);
}

/** What a client no longer has to show: a token, a claim in it, or one of the known addresses. */
export function loosenedAdmission({ before, after }: PermissionChange): string[] {
  if (before === undefined || after === undefined) return [];
  const claims = before.requires.filter((condition) => !after.requires.includes(condition));
  const opened = after.sources.filter((range) => !before.sources.includes(range));
  return [
    ...(before.token === 'required' && after.token === 'none' ? ['an end-user token'] : []),
    ...claims,
    ...(before.sources.length > 0 && after.sources.length === 0 ? ['one of its source addresses'] : []),
    ...(before.sources.length > 0 && opened.length > 0
      ? [`its former source addresses: ${opened.join(', ')} added`]
      : []),
  ];
}
