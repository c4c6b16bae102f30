/** Loaded into a measured process: leaves its peak memory behind. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const report = process.env['BENCH_REPORT'];
  // maxRSS is in KiB.
  if (report !== undefined) writeFileSync(report, String(Math.round(process.resourceUsage().maxRSS / 1_024)));
});
