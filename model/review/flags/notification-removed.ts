import type { FactChange, SettingChange } from '../fact-change';
import type { Flag, RiskFinding } from './flag';

/** `page`, `team-cart ticket`. */
const kindOf = (setting: SettingChange['before']) => setting?.value;

/** A channel that another of its kind replaces has moved. */
function channels(facts: readonly FactChange[]): {
  readonly removed: readonly SettingChange[];
  readonly moved: readonly (readonly [from: SettingChange, to: SettingChange])[];
} {
  const changes = facts.filter(
    (change): change is SettingChange =>
      change.kind === 'setting' &&
      (change.before ?? change.after)?.topic === 'notification' &&
      (change.before ?? change.after)?.minor === undefined,
  );
  const added = changes.filter(({ before }) => before === undefined);
  const removed: SettingChange[] = [];
  const moved: [SettingChange, SettingChange][] = [];
  for (const change of changes.filter(({ after }) => after === undefined)) {
    const index = added.findIndex(({ after }) => kindOf(after) === kindOf(change.before));
    const [successor] = index < 0 ? [] : added.splice(index, 1);
    if (successor === undefined) removed.push(change);
    else moved.push([change, successor]);
  }
  return { removed, moved };
}

export const notificationRemoved: Flag = {
  id: 'notification-removed',
  severity: 'high',
  title: 'Notification channel removed, switched off, or alert without a channel',
  find: ({ facts }) => [
    ...channels(facts).removed.map(({ before }) => ({
      message: `${before?.label ?? ''} removed without a successor`,
      location: before?.subject ?? '',
    })),
    ...facts.flatMap(withoutChannel),
  ],
};

export const notificationMoved: Flag = {
  id: 'notification-moved',
  severity: 'notice',
  title: 'Alerts go to another recipient',
  find: ({ facts }) => [
    ...channels(facts).moved.map(([from, to]) => ({
      message: `${from.before?.label ?? ''} → ${to.after?.label ?? ''}`,
      location: from.before?.subject ?? '',
    })),
    ...facts.flatMap((change): RiskFinding[] => {
      if (change.kind !== 'setting' || change.before === undefined || change.after === undefined) return [];
      const { before, after } = change;
      return before.topic === 'notification' && before.label.startsWith('recipient')
        ? [{ message: `${before.label} ${before.display} → ${after.display}`, location: before.subject }]
        : [];
    }),
  ],
};

/** The alert still fires, and nobody receives it. */
function withoutChannel(change: FactChange): RiskFinding[] {
  if (change.kind !== 'setting' || change.after === undefined) return [];
  const { before, after } = change;
  if (
    after.topic === 'notification' &&
    after.label.startsWith('state') &&
    before?.value === 1 &&
    after.value === 0
  )
    return [{ message: `${after.label} on → off`, location: after.subject }];
  const isLast =
    after.topic === 'alert' && after.label.startsWith('notification channels') && after.value === 0;
  return isLast ? [{ message: `${after.label}: none left`, location: after.subject }] : [];
}
