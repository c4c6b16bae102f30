import { blockAt, isObject } from '../json';
import { parseManifest, resourceBefore, type ResourceChange } from '../resource-change';
import { describeDestruction, isDestroyed, type Flag, type RiskFinding } from './flag';
import { weakenedSettings } from './setting-findings';

/** Settings that prevent accidental deletion, and the value that protects. */
const PROTECTIONS = [
  { path: ['deletion_protection'], protects: true },
  { path: ['deletion_protection_enabled'], protects: true },
  { path: ['settings', 'deletion_protection_enabled'], protects: true },
  { path: ['force_destroy'], protects: false },
  { path: ['retention_policy', 'is_locked'], protects: true },
  { path: ['locked'], protects: true },
  // Cloud Armor: verbose logs keep parts of requests, card numbers among them.
  { path: ['advanced_options_config', 'log_level'], protects: 'NORMAL' },
] as const;

/** Terraform's `prevent_destroy` appears in no plan: Terraform refuses the destroy itself. */
export const protectionOff: Flag = {
  id: 'protection-off',
  severity: 'critical',
  title: 'Deletion protection, retention lock, admission, limit of logs or another protection removed',
  find: ({ changes, facts }) => [
    ...changes.flatMap((change) => [...switchedOff(change), ...removedAdmissionPolicy(change)]),
    ...weakenedSettings(facts, ['protection']),
  ],
};

/** The policy or its binding: neither has an effect without the other. */
function removedAdmissionPolicy(change: ResourceChange): RiskFinding[] {
  const resource = resourceBefore(change);
  const kind = (resource && parseManifest(resource)?.kind) ?? '';
  return isDestroyed(change) && kind.startsWith('ValidatingAdmissionPolicy')
    ? [{ message: `${kind} ${describeDestruction(change)}`, location: change.address }]
    : [];
}

function switchedOff({ before, after, address }: ResourceChange): RiskFinding[] {
  if (!isObject(before) || !isObject(after)) return [];
  return PROTECTIONS.flatMap(({ path, protects }) => {
    const was = blockAt(before, ...path);
    const is = blockAt(after, ...path);
    return was === protects && is !== protects
      ? [
          {
            message: `${path.join('.')} ${String(was)} → ${typeof is === 'string' || typeof is === 'boolean' ? String(is) : 'none'}`,
            location: address,
          },
        ]
      : [];
  });
}
