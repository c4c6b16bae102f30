/** What the mesh promises, each with the evidence that it keeps it. */
export interface Claim {
  /** Stable and unique: `edges/checkout-v1-calls-cart`. What stands before the slash groups the report. */
  readonly id: string;
  /** A sentence that is true if the mesh keeps its word. */
  readonly title: string;
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
  readonly figures?: Evidence['figures'];
  readonly ms: number;
}

/** The mesh did otherwise than promised. */
export class Refuted extends Error {}

/** Refutes the claim unless the condition holds. */
export function insist(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new Refuted(seen);
}

/** Puts claims to the test one after the other. Other faults than a refutation are a verdict too: nothing was shown. */
export async function judge(claims: readonly Claim[], tell: (verdict: Verdict) => void): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { id, title, prove } of claims) {
    const started = performance.now();
    let kept = true;
    let evidence: Evidence;
    try {
      evidence = await prove();
    } catch (error) {
      kept = false;
      const seen = error instanceof Error ? error.message : String(error);
      evidence = { seen: error instanceof Refuted ? seen : `could not be put to the test: ${seen}` };
    }
    const verdict = { id, title, kept, ...evidence, ms: Math.round(performance.now() - started) };
    verdicts.push(verdict);
    tell(verdict);
  }
  return verdicts;
}
