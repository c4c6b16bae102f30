import { describeSettingChange, isWeakened } from '../fact-change';
import { grants } from '../facts/grants';
import { resourceAfter, resourceBefore, type ResourceChange } from '../resource-change';
import type { Flag, RiskFinding } from './flag';

export const iamGranted: Flag = {
  id: 'iam-granted',
  severity: 'high',
  title: 'IAM or RBAC permissions granted',
  find: ({ changes, facts }) => [
    ...changes.flatMap(granted),
    ...facts.flatMap((change): RiskFinding[] =>
      change.kind === 'setting' && change.before?.topic === 'permission' && isWeakened(change)
        ? [
            {
              message: `${change.before.label} ${describeSettingChange(change)}`,
              location: change.before.source,
            },
          ]
        : [],
    ),
  ],
};

function granted(change: ResourceChange): RiskFinding[] {
  const after = resourceAfter(change);
  if (after === undefined) return [];
  const before = resourceBefore(change);
  const known = new Set(before ? grants(before) : []);
  return grants(after)
    .filter((grant) => !known.has(grant))
    .map((message) => ({ message, location: change.address }));
}
