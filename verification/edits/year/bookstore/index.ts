/** The bookstore: no canary, no card payments, Autopilot, Cloud SQL; trial, pilot and live. */
import type { Year } from '../../edit';
import { FIRST_HALF } from './first-half';
import { SECOND_HALF } from './second-half';

export const BOOKSTORE_YEAR: Year = {
  shop: 'bookstore',
  fixture: 'bookstore',
  since: '2026-01-13T08:00:00Z',
  edits: [...FIRST_HALF, ...SECOND_HALF],
};
