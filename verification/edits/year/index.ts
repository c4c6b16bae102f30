/** A year of edits on two different shops. What they lead to was written down before they were tried. */
import type { Year } from '../edit';
import { BOOKSTORE_YEAR } from './bookstore';
import { REFERENCE_SHOP_YEAR } from './reference-shop';

export const YEARS: readonly Year[] = [REFERENCE_SHOP_YEAR, BOOKSTORE_YEAR];
