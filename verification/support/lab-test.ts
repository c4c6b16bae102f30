/** What the mesh promises, each with the evidence that it keeps it. */
export interface LabTest {
  /** Stable and unique: `edges/checkout-v1-calls-cart`. What stands before the slash groups the report. */
  readonly id: string;
  /** A sentence that is true if the mesh keeps its word. */
  readonly title: string;
  /**
   * How often it may be put to the test until it holds. More than once only where a busy machine, by adding time,
   * can refute what the mesh keeps, and never confirm what it does not.
   * @default 1
   */
  readonly attempts?: number;
  /** Ends with what was seen, or throws a `Refuted`. */
  readonly run: () => Promise<Evidence>;
}

export interface Evidence {
  /** What was seen, in one line. */
  readonly seen: string;
  /** For the pictures of the report, by name. @default none */
  readonly figures?: Readonly<Record<string, number | readonly number[]>>;
}

export interface TestResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly seen: string;
  /** What was seen at each try before the last: none unless the claim may be tried again. */
  readonly earlierAttempts: readonly string[];
  readonly figures?: Evidence['figures'];
  readonly ms: number;
}

/** The mesh did otherwise than promised. */
export class AssertionFailure extends Error {}

/** Refutes the claim unless the condition holds. */
export function assertThat(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new AssertionFailure(seen);
}

/** Puts claims to the test one after the other. */
export async function runTests(
  labTests: readonly LabTest[],
  onResult: (verdict: TestResult) => void,
): Promise<TestResult[]> {
  const verdicts: TestResult[] = [];
  for (const labTest of labTests) {
    const started = performance.now();
    const earlierAttempts: string[] = [];
    let outcome = await attemptOnce(labTest);
    for (let attempt = 2; !outcome.passed && attempt <= (labTest.attempts ?? 1); attempt += 1) {
      earlierAttempts.push(outcome.seen);
      outcome = await attemptOnce(labTest);
    }
    const { id, title } = labTest;
    const verdict = { id, title, ...outcome, earlierAttempts, ms: Math.round(performance.now() - started) };
    verdicts.push(verdict);
    onResult(verdict);
  }
  return verdicts;
}

/** Other faults than a refutation are a verdict too: nothing was shown. */
async function attemptOnce({ run }: LabTest): Promise<Evidence & { readonly passed: boolean }> {
  try {
    return { passed: true, ...(await run()) };
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return {
      passed: false,
      seen: error instanceof AssertionFailure ? seen : `could not be put to the test: ${seen}`,
    };
  }
}
