/** When samples and evaluations are, in one round of the replay. */
export interface SampleTimes {
  readonly name: string;
  /** From a sample to the evaluation. */
  readonly evaluatedSeconds: 0 | 30;
  /** Of so many samples, one is missing. */
  readonly missingEvery?: number;
  /** An alert may fire and end so much earlier or later than in the table of `mesh slo`. */
  readonly errorMinutes: 0 | 1;
  /** Requests may be counted so much too high or too low, as a share. */
  readonly errorShare: number;
}

/** As the table of `mesh slo` assumes: Prometheus 2 counts the sample at the start of a range. */
export const ON_THE_MINUTE: SampleTimes = {
  name: 'samples on the minute',
  evaluatedSeconds: 0,
  errorMinutes: 0,
  errorShare: 0,
};

/** A range has a sample less than it has minutes at its ends, so rates are extrapolated by one sampling period. */
export const BETWEEN_MINUTES: SampleTimes = {
  name: 'samples 30 s before',
  evaluatedSeconds: 30,
  errorMinutes: 1,
  errorShare: 0.02,
};

export const MISSING_SAMPLES: SampleTimes = {
  ...BETWEEN_MINUTES,
  name: 'every fifth sample missing',
  missingEvery: 5,
};
