/** Ends what was begun, last begun first: when asked to, on Ctrl-C, and as well as it can when the process dies. */
type Step = () => Promise<void> | void;

const open = new Set<Teardown>();
let listening = false;

export class Teardown {
  private readonly steps: Step[] = [];
  private readonly lastResorts: (() => void)[] = [];

  constructor() {
    open.add(this);
    listen();
  }

  /** @param lastResort what can still be done without waiting, if the process ends before the step could run */
  add(step: Step, lastResort?: () => void): void {
    this.steps.push(step);
    if (lastResort) this.lastResorts.push(lastResort);
  }

  /** Runs every step, whatever fails, and then throws what failed first. May be called again. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    this.lastResorts.length = 0;
    open.delete(this);
    if (failures.length > 0) throw failures[0];
  }

  /** @internal */
  runLastResorts(): void {
    for (const resort of this.lastResorts.reverse()) resort();
  }
}

/** Begins something that registers how it ends; if it fails half-way, the half that stands is ended. */
export async function orTearDown<T>(teardown: Teardown, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    // A second Ctrl-C finds no handler and ends the process at once; `exit` below still takes the children along.
    process.once(signal, () => {
      // Work that is under way loses the ground under its feet; its complaints are of no interest any more.
      process.on('uncaughtException', () => undefined);
      void Promise.allSettled([...open].map((teardown) => teardown.run())).then(() => process.exit(code));
    });
  }
  process.once('exit', () => open.forEach((teardown) => teardown.runLastResorts()));
}
