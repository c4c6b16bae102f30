/** The edits of daily work, one file each. */
import type { OrdinaryEdit } from '../edit';
import { ADD_ENVIRONMENT } from './add-environment';
import { ADD_SERVICE } from './add-service';
import { ADVANCE_CANARY } from './advance-canary';
import { DROP_CANARY } from './drop-canary';
import { INVALID_TIMEOUT } from './invalid-timeout';
import { REMOVE_ENVIRONMENT } from './remove-environment';
import { REMOVE_SERVICE } from './remove-service';
import { REPLACE_CATALOGUE } from './replace-catalogue';
import { SHIP_IMAGE } from './ship-image';

export const DAILY_EDITS: readonly OrdinaryEdit[] = [
  ADD_SERVICE,
  SHIP_IMAGE,
  ADVANCE_CANARY,
  DROP_CANARY,
  ADD_ENVIRONMENT,
  REMOVE_ENVIRONMENT,
  REMOVE_SERVICE,
  REPLACE_CATALOGUE,
  INVALID_TIMEOUT,
];
