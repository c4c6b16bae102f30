import { eitherSide, type SettingChange } from './fact-change';

/** `checkout v2` for a canary that receives no request and ends. */
export function idleVersions(settings: readonly SettingChange[]): ReadonlySet<string> {
  return new Set(
    settings
      .filter(({ before, after }) => before?.topic === 'canary' && before.value === 0 && after === undefined)
      .map((change) => {
        const { subject, label } = eitherSide(change);
        return `${subject} ${label.replace('canary ', '')}`;
      }),
  );
}
