import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSync } from '../../tools/process';
import { withFolder } from '../../tools/with-folder';
import { median } from '../support/median';

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
  return withFolder('mesh-measure-', (folder) => {
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
  });
}

export function medianRun(runs: readonly Run[]): Omit<Run, 'stdout'> {
  return {
    ms: median(runs.map(({ ms }) => ms)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    peakMiB: median(runs.map(({ peakMiB }) => peakMiB)),
  };
}

export function comparedWith(value: number, budget: number): string {
  return value <= budget ? `within ${budget}` : `OVER ${budget}`;
}
