/** What a run of `verify mutation generated` finds; saved for docs/lab.md. */
export const GENERATED_MUTATIONS_FILE = 'docs/generated/lab-mutations.json';

export interface Score {
  readonly killed: number;
  readonly total: number;
}

export interface GeneratedSurvivor {
  readonly id: string;
  readonly reason: string;
}

export interface GeneratedMutations {
  readonly environment: string;
  readonly seed: number;
  /** Mutants that the generator can make. */
  readonly possible: number;
  /** Refused by the API server or by Istio's validation. */
  readonly refused: number;
  /** The API server makes the same object of them. */
  readonly unchanged: number;
  readonly minutes: number;
  readonly byKind: Readonly<Record<string, Score>>;
  readonly byOperator: Readonly<Record<string, Score>>;
  /** Number of mutants that each judge or group of tests was the first to notice. */
  readonly byTest: Readonly<Record<string, number>>;
  readonly survivors: readonly GeneratedSurvivor[];
}
