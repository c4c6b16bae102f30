/** What the mesh promises, each with the evidence that it keeps it. */
export interface Claim {
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
  readonly prove: () => Promise<Evidence>;
}

export interface Evidence {
  /** What was seen, in one line. */
  readonly seen: string;
  /** For the pictures of the report, by name. @default none */
  readonly figures?: Readonly<Record<string, number | readonly number[]>>;
}

export interface Verdict {
  readonly id: string;
  readonly title: string;
  readonly kept: boolean;
  readonly seen: string;
  /** What was seen at each try before the last: none unless the claim may be tried again. */
  readonly earlierTries: readonly string[];
  readonly figures?: Evidence['figures'];
  readonly ms: number;
}

/** The mesh did otherwise than promised. */
export class Refuted extends Error {}

/** Refutes the claim unless the condition holds. */
export function insist(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new Refuted(seen);
}

/** Puts claims to the test one after the other. */
export async function judge(claims: readonly Claim[], tell: (verdict: Verdict) => void): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const claim of claims) {
    const started = performance.now();
    const earlierTries: string[] = [];
    let outcome = await tryOnce(claim);
    for (let attempt = 2; !outcome.kept && attempt <= (claim.attempts ?? 1); attempt += 1) {
      earlierTries.push(outcome.seen);
      outcome = await tryOnce(claim);
    }
    const { id, title } = claim;
    const verdict = { id, title, ...outcome, earlierTries, ms: Math.round(performance.now() - started) };
    verdicts.push(verdict);
    tell(verdict);
  }
  return verdicts;
}

/** Other faults than a refutation are a verdict too: nothing was shown. */
async function tryOnce({ prove }: Claim): Promise<Evidence & { readonly kept: boolean }> {
  try {
    return { kept: true, ...(await prove()) };
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { kept: false, seen: error instanceof Refuted ? seen : `could not be put to the test: ${seen}` };
  }
}
