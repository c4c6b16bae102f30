/** Preloaded into a measured process: writes its peak memory and CPU time to a file when it exits. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const report = process.env['BENCH_REPORT'];
  if (report === undefined) return;
  // maxRSS is in KiB, times are in microseconds.
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = {
    peakMiB: Math.round(maxRSS / 1_024),
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1_000),
  };
  writeFileSync(report, JSON.stringify(usage));
});
