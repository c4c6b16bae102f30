import { blockAt, isObject } from '../json';
import type { ResourceChange } from '../resource-change';
import type { Finding, Flag } from './flag';

/** Settings that stand between a mistake and the data, and the value that protects. */
const PROTECTIONS = [
  { path: ['deletion_protection'], protects: true },
  { path: ['deletion_protection_enabled'], protects: true },
  { path: ['settings', 'deletion_protection_enabled'], protects: true },
  { path: ['force_destroy'], protects: false },
  { path: ['retention_policy', 'is_locked'], protects: true },
  { path: ['locked'], protects: true },
] as const;

/** Terraform's own `prevent_destroy` is in no plan: it is seen only when something is to be destroyed. */
export const protectionOff: Flag = {
  id: 'protection-off',
  severity: 'high',
  title: 'Protection from deletion is switched off',
  find: ({ changes }) => changes.flatMap(switchedOff),
};

function switchedOff({ before, after, address }: ResourceChange): Finding[] {
  if (!isObject(before) || !isObject(after)) return [];
  return PROTECTIONS.flatMap(({ path, protects }) => {
    const was = blockAt(before, ...path);
    const is = blockAt(after, ...path);
    return was === protects && is !== protects
      ? [{ what: `${path.join('.')} ${String(was)} → ${String(is ?? 'none')}`, where: address }]
      : [];
  });
}
