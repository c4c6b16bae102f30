/** Shows on standard error that a long command is still running. */

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const FIRST_SECONDS = 2;
/** A log gets a line now and then; a terminal updates one line each second. */
const LOG_EVERY_SECONDS = 30;
const CLEAR_LINE = '\r\u001b[K';

export class Progress {
  private readonly started = Date.now();
  private step = '';
  private lastSeconds = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly output: Output = process.stderr) {
    this.timer = setInterval(() => this.show(), 1_000);
    this.timer.unref();
  }

  /** Names what the command does now. */
  next(step: string): void {
    this.step = step;
  }

  /** Removes the line from a terminal. */
  end(): void {
    clearInterval(this.timer);
    if (this.output.isTTY === true && this.lastSeconds > 0) this.output.write(CLEAR_LINE);
  }

  private show(): void {
    const seconds = Math.floor((Date.now() - this.started) / 1_000);
    const due = this.lastSeconds === 0 ? FIRST_SECONDS : this.lastSeconds + this.interval;
    if (seconds < due) return;
    this.lastSeconds = seconds;
    const text = `${this.step} … ${seconds} s`;
    this.output.write(this.output.isTTY === true ? `${CLEAR_LINE}${text}` : `${text}\n`);
  }

  private get interval(): number {
    return this.output.isTTY === true ? 1 : LOG_EVERY_SECONDS;
  }
}

export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress();
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}
