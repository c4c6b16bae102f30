/** The reference shop: canary, card payments, Standard clusters, AlloyDB; dev, staging and prod. */
import type { Year } from '../../edit';
import { AUTUMN } from './autumn';
import { EARLY_SUMMER } from './early-summer';
import { LATE_AUTUMN } from './late-autumn';
import { LATE_SUMMER } from './late-summer';
import { SPRING } from './spring';
import { SUMMER } from './summer';
import { WINTER } from './winter';

export const REFERENCE_SHOP_YEAR: Year = {
  shop: 'reference shop',
  fixture: 'reference-shop',
  since: '2026-01-13T08:00:00Z',
  edits: [...WINTER, ...SPRING, ...EARLY_SUMMER, ...SUMMER, ...LATE_SUMMER, ...AUTUMN, ...LATE_AUTUMN],
};
