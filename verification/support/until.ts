import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  readonly everyMs: number;
  readonly limitMs: number;
  /** Error to throw after the limit. */
  readonly otherwise: () => Error;
}

/** Polls until the condition holds. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  { everyMs, limitMs, otherwise }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw otherwise();
    await sleep(everyMs);
  }
}
