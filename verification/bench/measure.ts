import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSync } from '../../tools/process';

export interface Run {
  /** From the start to the end of node. */
  readonly ms: number;
  /** On all cores; on a busy machine it is more reliable than `ms`. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly stdout: string;
}

/** Runs a compiled program once. It must succeed. */
export function measure(args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-measure-'));
  try {
    const report = join(folder, 'peak');
    const started = process.hrtime.bigint();
    const measured = ['--require', join(__dirname, 'report-peak.js'), ...args];
    const { exitCode, stdout, stderr } = runSync(process.execPath, measured, {
      env: { ...process.env, ...env, BENCH_REPORT: report },
    });
    const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
    if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    const usage = JSON.parse(readFileSync(report, 'utf8')) as Pick<Run, 'cpuMs' | 'peakMiB'>;
    return { ms, ...usage, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function median(runs: readonly Run[]): Omit<Run, 'stdout'> {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    ms: middle(runs.map(({ ms }) => ms)),
    cpuMs: middle(runs.map(({ cpuMs }) => cpuMs)),
    peakMiB: middle(runs.map(({ peakMiB }) => peakMiB)),
  };
}

export function comparedWith(value: number, budget: number): string {
  return value <= budget ? `within ${budget}` : `OVER ${budget}`;
}
