import { messageOf, type Results } from './results';

/** A test of a lab: an id, a statement about the mesh, and the function that checks it. */
export interface LabTest {
  /** Stable and unique, such as `edges/checkout-v1-reaches-cart`. The part before the slash is the group. */
  readonly id: string;
  /** The statement that holds if the test passes. */
  readonly title: string;
  /**
   * How often the test may run until it passes. Use more than one only for time limits: a busy machine can make such
   * a test fail, but cannot make it pass by mistake.
   * @default 1
   */
  readonly attempts?: number;
  /** @throws AssertionFailure if the mesh does not behave as the title says */
  readonly run: () => Promise<Observation>;
}

/** What a passed test has seen. */
export interface Observation {
  /** One line. */
  readonly seen: string;
  /** Measured values for the charts of the report, by name. @default none */
  readonly figures?: Readonly<Record<string, number | readonly number[]>>;
}

export interface TestResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly seen: string;
  /** What the failed attempts before the last one have seen. */
  readonly earlierAttempts: readonly string[];
  readonly figures?: Observation['figures'];
  readonly ms: number;
}

/** The mesh does not behave as expected. Any other error means that the test itself could not run. */
export class AssertionFailure extends Error {}

/** @param seen the actual behaviour, for the message of the failure */
export function assertThat(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new AssertionFailure(seen);
}

/** Runs the tests in sequence. */
export async function runTests(
  labTests: readonly LabTest[],
  onResult: (result: TestResult) => void,
): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const labTest of labTests) {
    const started = performance.now();
    const earlierAttempts: string[] = [];
    let outcome = await attemptOnce(labTest);
    for (let attempt = 2; !outcome.passed && attempt <= (labTest.attempts ?? 1); attempt += 1) {
      earlierAttempts.push(outcome.seen);
      outcome = await attemptOnce(labTest);
    }
    const { id, title } = labTest;
    const result = { id, title, ...outcome, earlierAttempts, ms: Math.round(performance.now() - started) };
    results.push(result);
    onResult(result);
  }
  return results;
}

async function attemptOnce({ run }: LabTest): Promise<Observation & { readonly passed: boolean }> {
  try {
    return { passed: true, ...(await run()) };
  } catch (error) {
    const message = messageOf(error);
    return { passed: false, seen: error instanceof AssertionFailure ? message : `could not run: ${message}` };
  }
}

/** Groups by the part of the id before the slash, in order of first appearance. */
export function groupResults(results: readonly TestResult[]): [group: string, results: TestResult[]][] {
  const found = new Map<string, TestResult[]>();
  for (const result of results) {
    const group = groupOf(result);
    found.set(group, [...(found.get(group) ?? []), result]);
  }
  return [...found];
}

/** Records a result of the lab among those of the command, which counts them and writes the JUnit report. */
export function addResult(recorded: Results, { earlierAttempts, ...result }: TestResult): void {
  const output = [...earlierAttempts.map((seen, index) => `attempt ${index + 1}: ${seen}`), result.seen];
  recorded.add(groupOf(result), {
    name: `${result.id}: ${result.title}`,
    seconds: result.ms / 1_000,
    ...(!result.passed && { failure: result.seen }),
    output: output.join('\n'),
  });
}

function groupOf({ id }: Pick<TestResult, 'id'>): string {
  return id.split('/')[0] ?? '';
}
