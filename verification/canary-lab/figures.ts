/** What a run of `verify canary-lab` measures; saved for docs/canary.md. */
export const CANARY_LAB_FILE = 'docs/generated/canary-lab.json';

/** Outcome of one canary. */
export interface ReleaseOutcome {
  readonly service: string;
  /** First action of the rollback controller, and the detector that triggered it; left out if there was none. */
  readonly action?: 'rollback' | 'pause';
  readonly detector?: string;
  /** From the first failed request to the alert. */
  readonly alertSeconds?: number;
  /** From the alert to the end of the workflow. */
  readonly controllerSeconds?: number;
  /** From the alert until every proxy had the new weights. */
  readonly pushSeconds?: number;
  /** Final weight in the routes of the API server. */
  readonly weightPercent: number;
  /** Requests that reached a canary after its rollback. */
  readonly later?: number;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly requests: number;
  readonly failedRequests: number;
  readonly outcomes: readonly ReleaseOutcome[];
}

export interface CanaryLabFigures {
  readonly speed: number;
  readonly clientsPerSecond: number;
  readonly measured: readonly ScenarioResult[];
}
