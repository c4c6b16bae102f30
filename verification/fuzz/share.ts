/** Messages between the main thread and a worker. */
export interface Share {
  readonly folder: string;
  readonly seed: number;
  /** First input, and the end (exclusive). */
  readonly from: number;
  readonly to: number;
  /** Workers alternate: each judges every stride-th input. */
  readonly stride: number;
  /** One 32-bit number: the input that the worker judges now. */
  readonly position: SharedArrayBuffer;
}

export interface FuzzTally {
  readonly accepted: number;
  readonly refused: number;
  readonly violations: number;
  readonly slowestMs: number;
  readonly slowestIndex: number;
  readonly defects: { readonly index: number; readonly detail: string }[];
}
