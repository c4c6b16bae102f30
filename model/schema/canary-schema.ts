/** How a second version of a service is let in, and what counts against it. */
import { z } from 'zod';
import { dnsName, uniqueList, versionName } from './primitives';

const detection = z
  .strictObject({
    smallestMultiple: z
      .number()
      .min(1.5)
      .max(100)
      .default(5)
      .describe(
        'Multiple of the error budget that must be found. 5 at a target of 99.9 % finds 0.5 % of bad requests. Halving it needs about five times as many requests.',
      ),
    falseRollbackPercent: z
      .number()
      .min(0.01)
      .max(10)
      .default(0.1)
      .describe(
        'Accepted chance that a version exactly at its budget is rolled back within one step, over all detectors together.',
      ),
    missPercent: z
      .number()
      .min(0.1)
      .max(20)
      .default(1)
      .describe('Accepted chance that a version at smallestMultiple times its budget passes a step.'),
    fastFactor: z
      .number()
      .min(2)
      .max(1_000)
      .default(20)
      .describe(
        'Multiple of the budget that is gross failure and ends the release within minutes; never more than half of the requests.',
      ),
    fastWindowMinutes: z
      .int()
      .min(2)
      .max(30)
      .default(5)
      .describe('Time over which gross failure is measured. Metrics arrive once a minute.'),
    fastFailedRequests: z
      .int()
      .min(2)
      .max(1_000)
      .default(8)
      .describe('Fewest bad requests in that time that are gross failure: below, it may be chance.'),
  })
  .prefault({})
  .describe('When a version is too bad to go on. See docs/canary.md.');

export const canary = z
  .strictObject({
    version: versionName
      .default('v2')
      .describe('Name of the second version; it keeps this name at every weight.'),
    calls: z
      .array(dnsName)
      .optional()
      .describe('Names from calls that the canary may use. Left out, it may use all of them.'),
    stepsPercent: uniqueList(z.int().min(1).max(100))
      .default([1, 5, 10, 25, 50, 100])
      .describe(
        'Weights a release passes through, rising to 100. A step whose requests cannot decide is refused.',
      ),
    bakeMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .default(60)
      .describe(
        'Shortest time at one weight, for faults that take time to show. A step with few requests takes longer, until they can decide.',
      ),
    longestBakeMinutes: z
      .int()
      .min(10)
      .max(1_440)
      .default(240)
      .describe(
        'Longest time that a step may need to decide at expectedRequestsPerSecond, and how far back the slow detectors count.',
      ),
    detection,
  })
  .describe('Allows a second version of the service beside the first.');
