import { blockAt, isObject } from '../json';
import { kubernetesObject, resourceBefore, type ResourceChange } from '../resource-change';
import { actionVerb, isGone, type Finding, type Flag } from './flag';

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
  find: ({ changes }) => changes.flatMap((change) => [...switchedOff(change), ...guardGone(change)]),
};

/** Admission policies refuse what a reviewer would refuse; without its binding a policy does nothing. */
function guardGone(change: ResourceChange): Finding[] {
  const resource = resourceBefore(change);
  const kind = (resource && kubernetesObject(resource)?.kind) ?? '';
  return isGone(change) && kind.startsWith('ValidatingAdmissionPolicy')
    ? [{ what: `${kind} is ${actionVerb(change)}`, where: change.address }]
    : [];
}

function switchedOff({ before, after, address }: ResourceChange): Finding[] {
  if (!isObject(before) || !isObject(after)) return [];
  return PROTECTIONS.flatMap(({ path, protects }) => {
    const was = blockAt(before, ...path);
    const is = blockAt(after, ...path);
    return was === protects && is !== protects
      ? [
          {
            what: `${path.join('.')} ${String(was)} → ${typeof is === 'string' || typeof is === 'boolean' ? String(is) : 'none'}`,
            where: address,
          },
        ]
      : [];
  });
}
