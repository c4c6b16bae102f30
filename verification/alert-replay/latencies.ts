/** Distributions of latencies, as the share of responses up to each latency in ms. */
export type Latencies = (ms: number) => number;

/** Evenly distributed over a range. */
export function evenly(fromMs: number, toMs: number): Latencies {
  return (ms) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
}

/** @param sigma standard deviation of the natural logarithm */
export function logNormal(medianMs: number, sigma: number): Latencies {
  return (ms) => (ms <= 0 ? 0 : normalShare(Math.log(ms / medianMs) / sigma));
}

/** A share of one distribution, and the rest of the other. */
export function mixed(share: number, some: Latencies, others: Latencies): Latencies {
  return (ms) => share * some(ms) + (1 - share) * others(ms);
}

/** Standard normal distribution, with an error below 1e-9 by Simpson's rule. */
function normalShare(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  const steps = 200;
  const width = z / steps;
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let step = 1; step < steps; step++) sum += density(step * width) * (step % 2 === 0 ? 2 : 4);
  return 0.5 + (sum * width) / 3;
}
