import type { OrdinaryEdit } from '../edit';

const CANARY = ['services', 'checkout', 'canary'];

/** What `mesh canary advance` writes. */
export const ADVANCE_CANARY: OrdinaryEdit = {
  name: "advance prod's canary of checkout from 10 to 25 %",
  files: ['releases/prod.yaml'],
  apply: (catalogue) => {
    catalogue.set('releases/prod.yaml', [...CANARY, 'weightPercent'], 25);
    catalogue.set('releases/prod.yaml', [...CANARY, 'stepSince'], '2026-01-12T16:00:00Z');
  },
};
