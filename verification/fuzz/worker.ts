/** Judges inputs until one shows a defect, and then shrinks it. */
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { readMeshConfig } from '../../model/source/read-folder';
import { fuzzInput, judge, type FuzzInput } from './judge';

export interface Task {
  readonly folder: string;
  readonly parameters: fc.Parameters<[FuzzInput]>;
  /** One 32-bit number: inputs judged so far. */
  readonly judged: SharedArrayBuffer;
}

export interface FuzzTally {
  readonly accepted: number;
  readonly refused: number;
  readonly violations: number;
  /** How to repeat it, what is wrong, and the smallest input found. @default none */
  readonly defect?: string;
}

const { folder, parameters, judged } = workerData as Task;
const counter = new Int32Array(judged);
let [accepted, refused, violations] = [0, 0, 0];
const property = fc.property(fuzzInput(readMeshConfig(folder)), (input) => {
  const outcome = judge(input);
  Atomics.add(counter, 0, 1);
  if (outcome.kind === 'defect') throw new Error(outcome.detail);
  if (outcome.kind === 'accepted') accepted++;
  else {
    refused++;
    violations += outcome.violations;
  }
});
const { counterexample, counterexamplePath: path, errorInstance, seed } = fc.check(property, parameters);
const tally: FuzzTally = { accepted, refused, violations };
const [input] = counterexample ?? [];
const defect = `--seed ${seed} --path ${path}: ${(errorInstance as Error | null)?.message}\n# ${input?.corrupted.file}\n${input?.corrupted.text}`;
parentPort?.postMessage(input === undefined ? tally : { ...tally, defect });
