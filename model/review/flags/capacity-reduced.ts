import type { FactChange } from '../fact-change';
import type { Flag, RiskFinding } from './flag';
import { weakenedSettings } from './setting-findings';

export const capacityReduced: Flag = {
  id: 'capacity-reduced',
  severity: 'medium',
  title: 'Fewer replicas, nodes, zones or addresses',
  find: ({ facts }) => [...weakenedSettings(facts, ['capacity']), ...facts.flatMap(fewerReplicas)],
};

/** The value is `minimum-maximum`. */
function fewerReplicas({ kind, before, after }: FactChange): RiskFinding[] {
  if (kind !== 'setting' || before?.topic !== 'replicas' || after === undefined) return [];
  const [was, is] = [before, after].map((fact) =>
    'value' in fact ? String(fact.value).split('-').map(Number) : [],
  );
  const isFewer = is!.some((count, index) => count < (was![index] ?? 0));
  return isFewer && 'display' in before && 'display' in after
    ? [{ message: `${before.label} ${before.display} → ${after.display}`, location: before.subject }]
    : [];
}
