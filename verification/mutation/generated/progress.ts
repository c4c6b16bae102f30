import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Test that noticed a mutant; null if none did. */
export type Verdict = string | null;

interface Saved {
  readonly key: string;
  readonly seconds: number;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** Verdicts of a run, saved after each mutant, so that an interrupted run continues where it was. */
export class MutationProgress {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly started = performance.now();
  private earlierSeconds = 0;

  /** @param subject what the verdicts are about; if it has changed, the run begins anew */
  constructor(
    private readonly file: string,
    subject: unknown,
  ) {
    this.key = createHash('sha256').update(JSON.stringify(subject)).digest('hex');
    if (!existsSync(file)) return;
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
    if (saved.key !== this.key) return;
    this.earlierSeconds = saved.seconds;
    for (const [id, verdict] of Object.entries(saved.verdicts)) this.verdicts.set(id, verdict);
  }

  private readonly key: string;

  /** @returns undefined if the mutant was not tested yet */
  verdictOf(id: string): Verdict | undefined {
    return this.verdicts.get(id);
  }

  record(id: string, verdict: Verdict): void {
    this.verdicts.set(id, verdict);
  }

  get seconds(): number {
    return this.earlierSeconds + (performance.now() - this.started) / 1_000;
  }

  save(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const saved: Saved = {
      key: this.key,
      seconds: this.seconds,
      verdicts: Object.fromEntries(this.verdicts),
    };
    writeFileSync(this.file, JSON.stringify(saved));
  }
}
