/** Judges its share of the inputs, and publishes its position for the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { readMeshConfig } from '../../model/source/read-folder';
import { fuzzInput, judge } from './judge';
import type { Share, FuzzTally } from './share';

const { folder, seed, from, to, stride, position } = workerData as Share;
const base = readMeshConfig(folder);
const current = new Int32Array(position);
let [accepted, refused, violations, slowestMs, slowestIndex] = [0, 0, 0, 0, from];
const defects: { index: number; detail: string }[] = [];

for (let index = from; index < to; index += stride) {
  Atomics.store(current, 0, index);
  const started = performance.now();
  const outcome = judge(fuzzInput(base, seed, index));
  const elapsedMs = performance.now() - started;
  if (elapsedMs > slowestMs) [slowestMs, slowestIndex] = [elapsedMs, index];
  if (outcome.kind === 'accepted') accepted++;
  else if (outcome.kind === 'refused') {
    refused++;
    violations += outcome.violations;
  } else defects.push({ index, detail: outcome.detail });
}
const tally: FuzzTally = { accepted, refused, violations, slowestMs, slowestIndex, defects };
parentPort?.postMessage(tally);
