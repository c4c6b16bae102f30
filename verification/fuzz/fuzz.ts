/**
 * Corrupts the catalogue in many ways: each copy must be accepted or refused with a clear message, without a crash, a
 * hang or a stack trace.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readMeshConfig } from '../../model/source/read-folder';
import type { Results } from '../support/results';
import { log } from '../support/teardown';
import { fuzzInput, judge } from './judge';
import type { Share, FuzzTally } from './share';

/** Several hundred times the usual duration of an input; a busy machine does not reach it. */
const HANG_MS = 20_000;
const PROGRESS_INTERVAL_MS = 15_000;

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly workers: number;
  /** Prints this input and its outcome instead of a run. */
  readonly input?: number;
}

export async function fuzz(options: FuzzOptions, results: Results): Promise<void> {
  const folder = process.env['MESH_CONFIG'] ?? 'mesh-config';
  if (options.input !== undefined) return show(folder, options.seed, options.input);

  const started = performance.now();
  const positions = Array.from({ length: options.workers }, () => new SharedArrayBuffer(4));
  const progress = setInterval(() => {
    const [slowest = 0] = positions
      .map((position) => Atomics.load(new Int32Array(position), 0))
      .sort(ascending);
    log(`fuzz: ${slowest} of ${options.inputs} inputs`);
  }, PROGRESS_INTERVAL_MS);
  const shares = positions.map((position, worker) => judgeShare(folder, options, worker, position));
  const tallies = (await Promise.all(shares).finally(() => clearInterval(progress))).flat();
  const seconds = (performance.now() - started) / 1_000;

  const sum = (count: (tally: FuzzTally) => number) =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const defects = tallies.flatMap((tally) => tally.defects);
  const slowest = tallies.reduce((worst, tally) => (tally.slowestMs > worst.slowestMs ? tally : worst));
  const summary =
    `${options.inputs} inputs of seed ${options.seed}: ${sum((tally) => tally.accepted)} accepted, ` +
    `${sum((tally) => tally.refused)} refused with ${sum((tally) => tally.violations)} violations, ${defects.length} defects; ` +
    `slowest ${slowest.slowestMs.toFixed(0)} ms (input ${slowest.slowestIndex}), ${seconds.toFixed(0)} s in total`;

  for (const { index, detail } of defects) {
    log(`input ${index}: ${detail}`);
    results.add('fuzz', { name: `input ${index} of seed ${options.seed}`, seconds: 0, failure: detail });
  }
  if (defects.length === 0) results.add('fuzz', { name: `seed ${options.seed}`, seconds, output: summary });
  process.stdout.write(`${summary}\n`);
}

/** Continues after an input that hangs, so that one run shows every defect. */
async function judgeShare(
  folder: string,
  { seed, inputs, workers }: FuzzOptions,
  worker: number,
  position: SharedArrayBuffer,
): Promise<FuzzTally[]> {
  const tallies: FuzzTally[] = [];
  for (let from = worker; from < inputs;) {
    const outcome = await judgeFrom({ folder, seed, from, to: inputs, stride: workers, position });
    if (typeof outcome !== 'number') return [...tallies, outcome];
    tallies.push({
      accepted: 0,
      refused: 0,
      violations: 0,
      slowestMs: HANG_MS,
      slowestIndex: outcome,
      defects: [{ index: outcome, detail: `hangs for more than ${HANG_MS} ms` }],
    });
    from = outcome + workers;
  }
  return tallies;
}

/** Returns the tally, or the index of the input at which the worker hangs. */
function judgeFrom(share: Share): Promise<FuzzTally | number> {
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: share });
  return new Promise((resolve, reject) => {
    let seen = -1;
    const watch = setInterval(() => {
      const at = Atomics.load(new Int32Array(share.position), 0);
      if (at === seen) {
        clearInterval(watch);
        void worker.terminate().then(() => resolve(at));
      }
      seen = at;
    }, HANG_MS);
    worker.once('message', (tally: FuzzTally) => {
      clearInterval(watch);
      resolve(tally);
    });
    worker.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

function show(folder: string, seed: number, index: number): void {
  const base = readMeshConfig(folder);
  const input = fuzzInput(base, seed, index);
  const corrupted = input.files.find((file) => !base.files.includes(file));
  process.stdout.write(`# ${corrupted?.file ?? ''}\n${corrupted?.text ?? ''}\n`);
  process.stdout.write(`${JSON.stringify(judge(input), null, 2)}\n`);
}

function ascending(a: number, b: number): number {
  return a - b;
}
