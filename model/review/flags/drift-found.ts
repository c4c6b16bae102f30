import { differences } from '../json';
import type { ResourceChange } from '../resource-change';
import type { Flag } from './flag';

const PATHS_SHOWN = 3;

export const driftFound: Flag = {
  id: 'drift-found',
  severity: 'medium',
  title: 'Drift: changed outside of Terraform; the apply reverts it',
  find: ({ drift }) => drift.map((change) => ({ message: describeDrift(change), location: change.address })),
};

function describeDrift({ action, before, after }: ResourceChange): string {
  if (action === 'delete') return 'deleted';
  const paths = differences(before, after).map(({ path }) => path);
  const rest = paths.length - PATHS_SHOWN;
  return `${paths.slice(0, PATHS_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
