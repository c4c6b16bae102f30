/**
 * Spoils the catalogue in many ways and sees that each is accepted or refused in clear words:
 * no crash, no hang, no stack trace. `--input N` shows what input N of the seed does.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Command, InvalidArgumentError } from 'commander';
import { readMeshConfig } from '../../model/source/read-folder';
import type { Share, Tally } from './share';
import { fuzzInput, judge } from './verdict';

/** Some hundred times what an input takes; a busy machine does not reach it. */
const HANG_MS = 20_000;

const options = new Command('fuzz')
  .description('judges spoilt copies of the catalogue')
  .option('--inputs <count>', 'how many', wholeNumber, 2_000)
  .option('--seed <seed>', 'the same seed spoils the same', wholeNumber, 1)
  .option('--workers <count>', 'threads', wholeNumber, 2)
  .option('--input <index>', 'show this one only', wholeNumber)
  .parse()
  .opts<{ inputs: number; seed: number; workers: number; input?: number }>();

const folder = process.env['MESH_CONFIG'] ?? 'mesh-config';
if (options.input === undefined) void run();
else show(options.input);

async function run(): Promise<void> {
  const started = performance.now();
  const shares = Array.from({ length: options.workers }, (_, worker) => judgeShare(worker));
  const tallies = (await Promise.all(shares)).flat();
  const seconds = (performance.now() - started) / 1_000;
  const sum = (count: (tally: Tally) => number) => tallies.reduce((total, tally) => total + count(tally), 0);
  const defects = tallies.flatMap((tally) => tally.defects);
  const slowest = tallies.reduce((worst, tally) => (tally.slowestMs > worst.slowestMs ? tally : worst));

  for (const { index, detail } of defects) console.error(`input ${index}: ${detail}`);
  console.log(
    `${options.inputs} inputs of seed ${options.seed}: ${sum((tally) => tally.accepted)} accepted, ` +
      `${sum((tally) => tally.refused)} refused with ${sum((tally) => tally.violations)} faults, ${defects.length} defects; ` +
      `slowest ${slowest.slowestMs.toFixed(0)} ms (input ${slowest.slowestIndex}), ${seconds.toFixed(0)} s in all`,
  );
  process.exitCode = defects.length === 0 ? 0 : 1;
}

/** Goes on behind an input that hangs, so that one run shows every defect. */
async function judgeShare(worker: number): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (let from = worker; from < options.inputs;) {
    const outcome = await judgeFrom(from);
    if (typeof outcome !== 'number') return [...tallies, outcome];
    const defects = [{ index: outcome, detail: `hangs for more than ${HANG_MS} ms` }];
    tallies.push({
      accepted: 0,
      refused: 0,
      violations: 0,
      slowestMs: HANG_MS,
      slowestIndex: outcome,
      defects,
    });
    from = outcome + options.workers;
  }
  return tallies;
}

/** The tally, or the index of the input at which the worker hangs. */
function judgeFrom(from: number): Promise<Tally | number> {
  const position = new SharedArrayBuffer(4);
  const share: Share = {
    folder,
    seed: options.seed,
    from,
    to: options.inputs,
    stride: options.workers,
    position,
  };
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: share });
  return new Promise((resolve, reject) => {
    let seen = -1;
    const watch = setInterval(() => {
      const at = Atomics.load(new Int32Array(position), 0);
      if (at === seen) {
        clearInterval(watch);
        void worker.terminate().then(() => resolve(at));
      }
      seen = at;
    }, HANG_MS);
    worker.once('message', (tally: Tally) => {
      clearInterval(watch);
      resolve(tally);
    });
    worker.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

function show(index: number): void {
  const base = readMeshConfig(folder);
  const input = fuzzInput(base, options.seed, index);
  const corrupted = input.files.find((file) => !base.files.includes(file));
  console.log(`# ${corrupted?.file ?? ''}\n${corrupted?.text ?? ''}`);
  console.log(JSON.stringify(judge(input), null, 2));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number');
  return value;
}
