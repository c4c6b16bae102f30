/**
 * Corrupts the catalogue in many ways: each copy must be accepted or refused with a clear message, without a crash, a
 * hang or a stack trace.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Results } from '../support/results';
import { log } from '../support/teardown';
import type { FuzzTally, Task } from './worker';

/** Several hundred times the usual duration of an input; a busy machine does not reach it. */
const HANG_MS = 20_000;
const PROGRESS_INTERVAL_MS = 15_000;

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly workers: number;
  /** Repeats the one input of a defect. */
  readonly path?: string;
}

export async function fuzz({ inputs, seed, workers, path }: FuzzOptions, results: Results): Promise<void> {
  const started = performance.now();
  const folder = process.env['MESH_CONFIG'] ?? 'mesh-config';
  const tasks = Array.from({ length: path === undefined ? workers : 1 }, (_, worker): Task => ({
    folder,
    parameters:
      path === undefined
        ? { seed: seed + worker, numRuns: Math.ceil(inputs / workers) }
        : { seed, path, numRuns: 1 },
    judged: new SharedArrayBuffer(4),
  }));
  const progress = setInterval(() => {
    const total = tasks.reduce((sum, task) => sum + judgedBy(task), 0);
    log(`fuzz: ${total} of ${inputs} inputs`);
  }, PROGRESS_INTERVAL_MS);
  const tallies = await Promise.all(tasks.map(judgeAll)).finally(() => clearInterval(progress));
  const seconds = (performance.now() - started) / 1_000;

  const sum = (count: (tally: FuzzTally) => number) =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const defects = tallies.flatMap(({ defect }) => defect ?? []);
  const summary =
    `seed ${seed}: ${sum((tally) => tally.accepted)} inputs accepted, ` +
    `${sum((tally) => tally.refused)} refused with ${sum((tally) => tally.violations)} violations, ` +
    `${defects.length} defects, ${seconds.toFixed(0)} s`;

  for (const defect of defects) {
    log(defect);
    results.add('fuzz', { name: `seed ${seed}`, seconds, failure: defect });
  }
  if (defects.length === 0) results.add('fuzz', { name: `seed ${seed}`, seconds, output: summary });
  process.stdout.write(`${summary}\n`);
}

/** Ends the worker if an input hangs. */
function judgeAll(task: Task): Promise<FuzzTally> {
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: task });
  return new Promise((resolve, reject) => {
    let seen = -1;
    const watch = setInterval(() => {
      const at = judgedBy(task);
      if (at === seen) {
        const defect = `--seed ${task.parameters.seed} --path ${at}: hangs for more than ${HANG_MS} ms`;
        resolve({ accepted: 0, refused: 0, violations: 0, defect });
        void worker.terminate();
      }
      seen = at;
    }, HANG_MS);
    worker
      .once('message', resolve)
      .once('error', reject)
      .once('exit', () => clearInterval(watch));
  });
}

function judgedBy({ judged }: Task): number {
  return Atomics.load(new Int32Array(judged), 0);
}
