/** Loaded into a measured process: leaves its peak memory and its time on the processor behind. */
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
