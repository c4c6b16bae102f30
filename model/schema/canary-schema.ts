/** Canary policy of a service: steps, bake times and detection thresholds. */
import { z } from 'zod';
import { args, env, files } from './container-schema';
import { dnsName, uniqueList, versionName } from './primitives';

const detection = z
  .strictObject({
    smallestMultiple: z
      .number()
      .min(1.5)
      .max(100)
      .default(5)
      .describe(
        'Smallest burn rate that the canary must detect. 5 at a target of 99.9 % detects 0.5 % failed requests. Half of it needs about five times as many requests.',
      ),
    falseRollbackPercent: z
      .number()
      .min(0.01)
      .max(10)
      .default(0.1)
      .describe(
        'Accepted probability, in percent, that a version with a burn rate of 1 is rolled back within one step, over all detectors.',
      ),
    missPercent: z
      .number()
      .min(0.1)
      .max(20)
      .default(1)
      .describe(
        'Accepted probability, in percent, that a version with a burn rate of smallestMultiple passes a step.',
      ),
    fastFactor: z
      .number()
      .min(2)
      .max(1_000)
      .default(20)
      .describe(
        'Burn rate at which the fast detector rolls back within minutes; capped at 50 % failed requests.',
      ),
    fastWindowMinutes: z
      .int()
      .min(2)
      .max(30)
      .default(5)
      .describe('Window of the fast detector. Metrics arrive once a minute.'),
    fastFailedRequests: z
      .int()
      .min(2)
      .max(1_000)
      .default(8)
      .describe(
        'Failed or slow requests in the window below which the fast detector does not fire, since they may be chance.',
      ),
  })
  .prefault({})
  .describe('When a canary is rolled back. See docs/canary.md.');

export const canary = z
  .strictObject({
    version: versionName
      .default('v2')
      .describe('Name of the canary version. It keeps this name after promotion.'),
    calls: z
      .array(dnsName)
      .optional()
      .describe('Names from calls that the canary may call. Default: all of them.'),
    stepsPercent: uniqueList(z.int().min(1).max(100))
      .default([1, 5, 10, 25, 50, 100])
      .describe(
        'Weights of a release, rising to 100. A step with too few requests for a decision is an error.',
      ),
    bakeMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .default(60)
      .describe(
        'Shortest time at one weight, for failures that take time to appear. A step lasts longer until it has enough requests for a decision.',
      ),
    longestBakeMinutes: z
      .int()
      .min(10)
      .max(1_440)
      .default(240)
      .describe(
        'Longest time that a step may need for a decision at expectedRequestsPerSecond, and window of the slow detectors.',
      ),
    detection,
    args: args.describe('Arguments of the canary version, in place of those of the service.'),
    env: env.describe(
      'Environment variables of the canary version, in addition to those of the service or in place of them. Move them to the service in the pull request that promotes the version.',
    ),
    files: files.describe('Files of the canary version, likewise.'),
  })
  .describe('Allows a canary version beside the stable one.');
