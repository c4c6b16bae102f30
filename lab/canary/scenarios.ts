/** What becomes of the new version. */
import type { Behaviour } from '../mesh/backends';

export interface Fault {
  readonly name: string;
  /** What it does to requests of the new version. */
  readonly behaviour: Behaviour;
  /** Whether the release has to end. */
  readonly ends: boolean;
}

/** Slower than the promise of 300 ms. */
const SLOW_MS = 600;

/** One in five requests of the visitors goes here. */
export const FAILING_PATH = '/checkout/5';

export const FAULTS: readonly Fault[] = [
  { name: 'every request fails', behaviour: () => ({ status: 503 }), ends: true },
  { name: `every request takes ${SLOW_MS} ms`, behaviour: () => ({ delayMs: SLOW_MS }), ends: true },
  {
    name: 'one path fails, a fifth of the requests',
    behaviour: ({ path }) => (path === FAILING_PATH ? { status: 503 } : {}),
    ends: true,
  },
  { name: 'nothing is wrong', behaviour: () => ({}), ends: false },
];
