import type { Drift } from '../drift';
import type { Flag } from './flag';

const PATHS_SHOWN = 3;

export const driftFound: Flag = {
  id: 'drift-found',
  severity: 'medium',
  title: 'Drift: changed outside of Terraform; the apply reverts it',
  find: ({ drift }) => drift.map((change) => ({ message: describeDrift(change), location: change.address })),
};

function describeDrift({ paths }: Drift): string {
  if (paths.length === 0) return 'deleted';
  const rest = paths.length - PATHS_SHOWN;
  return `${paths.slice(0, PATHS_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
