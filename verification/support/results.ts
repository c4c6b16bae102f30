/** Collects what a command has tested: for progress messages, the exit code and the JUnit report. */
import type { TestCase, TestSuite } from './junit';
import { log } from './teardown';

const PROGRESS_INTERVAL_MS = 30_000;

export class Results {
  private readonly tests = new Map<string, TestCase[]>();
  private readonly started = performance.now();
  private reportedAt = performance.now();

  /** @param command shown in progress messages, which come at most every 30 s */
  constructor(private readonly command: string) {}

  get suites(): readonly TestSuite[] {
    return [...this.tests].map(([name, tests]) => ({ name, tests }));
  }

  get total(): number {
    return this.suites.reduce((sum, { tests }) => sum + tests.length, 0);
  }

  get failed(): number {
    return this.suites.flatMap(({ tests }) => tests).filter(({ failure }) => failure !== undefined).length;
  }

  add(suite: string, test: TestCase): void {
    const tests = this.tests.get(suite);
    if (tests === undefined) this.tests.set(suite, [test]);
    else tests.push(test);
    if (performance.now() - this.reportedAt < PROGRESS_INTERVAL_MS) return;
    this.reportedAt = performance.now();
    const seconds = Math.round((this.reportedAt - this.started) / 1_000);
    const count = this.total === 1 ? '1 test' : `${this.total} tests`;
    log(`${this.command}: ${count} finished, ${this.failed} failed, ${seconds} s`);
  }

  /**
   * Runs one step of a longer test and records it. A step that throws is recorded as failed, and the error is passed
   * on, because later steps build on earlier ones.
   *
   * @param describe what to record as the output
   */
  async step<T>(
    suite: string,
    name: string,
    work: () => Promise<T> | T,
    describe: (value: T) => string = () => '',
  ): Promise<T> {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1_000;
    try {
      const value = await work();
      const output = describe(value);
      this.add(suite, { name, seconds: seconds(), ...(output !== '' && { output }) });
      return value;
    } catch (error) {
      this.add(suite, { name, seconds: seconds(), failure: messageOf(error) });
      throw error;
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
