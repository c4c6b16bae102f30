/** How often an alert would fire although nothing is wrong. */

/**
 * Times that a healthy service is expected to have `count` failures within one window, over a period of many
 * windows. Failures of a healthy service are rare and come one by one, as a Poisson process; the alert begins
 * whenever a failure arrives and finds `count - 1` others in the window before it.
 *
 * @param meanPerWindow failures of the healthy service in one window
 */
export function expectedFalseAlarms(count: number, meanPerWindow: number, windows: number): number {
  if (meanPerWindow <= 0) return 0;
  const logProbability = -meanPerWindow + (count - 1) * Math.log(meanPerWindow) - logFactorial(count - 1);
  return windows * meanPerWindow * Math.exp(logProbability);
}

/** Stirling's series is exact to 12 digits where it is used. */
function logFactorial(n: number): number {
  if (n > 50) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
}
