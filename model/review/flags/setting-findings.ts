import { describeSettingChange, isWeakened, type FactChange } from '../fact-change';
import type { Topic } from '../facts/fact';
import type { RiskFinding } from './flag';

/** One finding for each setting of these topics that protects less than before. */
export function weakenedSettings(facts: readonly FactChange[], topics: readonly Topic[]): RiskFinding[] {
  return facts.flatMap((change) => {
    if (change.kind !== 'setting' || change.before === undefined || !isWeakened(change)) return [];
    const { topic, label, subject } = change.before;
    return topics.includes(topic)
      ? [{ message: `${label} ${describeSettingChange(change)}`, location: subject }]
      : [];
  });
}
