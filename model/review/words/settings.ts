/** Changed settings, one line each: `canary v2 10 % → 25 %`. */
import { describeSettingChange, eitherSide, type SettingChange } from '../fact-change';
import type { MeshMap } from '../mesh-map';
import type { Headline } from './headline';

export function settingHeadlines(changes: readonly SettingChange[], map: MeshMap): Headline[] {
  const grouped = new Map<string, { readonly headline: Headline; readonly versions: string[] }>();
  for (const change of changes) {
    const { subject, topic, version, minor } = eitherSide(change);
    if (minor === true && (change.before === undefined || change.after === undefined)) continue;
    if (minor === 'added' && change.before === undefined) continue;
    const text = describe(change);
    const key = JSON.stringify([subject, topic, text]);
    const entry = grouped.get(key) ?? { headline: { subject, topic, text }, versions: [] };
    if (version !== undefined) entry.versions.push(version);
    grouped.set(key, entry);
  }
  return [...grouped.values()].map(({ headline, versions }) => ({
    ...headline,
    text: `${headline.text}${versionSuffix(headline.subject, versions, map)}`,
  }));
}

function describe(change: SettingChange): string {
  return `${eitherSide(change).label} ${describeSettingChange(change)}`;
}

/** Names the versions unless the change applies to all of them. */
function versionSuffix(subject: string, versions: readonly string[], map: MeshMap): string {
  const all = map.versionsOf(subject);
  if (versions.length === 0 || all.every((version) => versions.includes(version))) return '';
  return ` (${versions.join(', ')})`;
}
