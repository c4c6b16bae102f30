/** What the watching thread and a worker tell each other. */
export interface Share {
  readonly folder: string;
  readonly seed: number;
  /** First input, and the first that is no longer one. */
  readonly from: number;
  readonly to: number;
  /** Workers take turns: each judges every stride-th input. */
  readonly stride: number;
  /** One 32-bit number: the input at which the worker is. */
  readonly position: SharedArrayBuffer;
}

export interface Tally {
  readonly accepted: number;
  readonly refused: number;
  readonly violations: number;
  readonly slowestMs: number;
  readonly slowestIndex: number;
  readonly defects: { readonly index: number; readonly detail: string }[];
}
