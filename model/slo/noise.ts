/** How often an alert would fire although nothing is wrong. */
import { poissonTerm } from '../poisson';

/**
 * Times that a healthy service is expected to have `count` failures within one window, over a period of many
 * windows. The alert begins whenever a failure arrives and finds `count - 1` others in the window before it.
 *
 * @param meanPerWindow failures of the healthy service in one window
 */
export function expectedFalseAlarms(count: number, meanPerWindow: number, windows: number): number {
  if (meanPerWindow <= 0) return 0;
  return windows * meanPerWindow * poissonTerm(meanPerWindow, count - 1);
}
