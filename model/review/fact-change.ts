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
  if (after === undefined) return before.minor !== true;
  if (typeof before.value !== 'number' || typeof after.value !== 'number') return false;
  return before.weaker === 'higher' ? after.value > before.value : after.value < before.value;
}

function isSame(one: Fact, other: Fact): boolean {
  if (one.kind === 'setting') return other.kind === 'setting' && one.value === other.value;
  return other.kind === 'permission' && one.token === other.token;
}
