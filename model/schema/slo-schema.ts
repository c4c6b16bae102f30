/** What is promised: of a service, and of a journey through several. */
import { z } from 'zod';
import { dnsName, milliseconds, uniqueList } from './primitives';

const targetPercent = z.number().min(50).max(99.9);

const availability = z
  .strictObject({ targetPercent })
  .prefault({ targetPercent: 99.9 })
  .describe('Share of requests that are not answered 5xx. Cloud Monitoring takes at most 99.9.');

const latency = z
  .strictObject({
    targetPercent: targetPercent.describe('Share of answers that must be faster than thresholdMs.'),
    thresholdMs: milliseconds,
  })
  .prefault({ targetPercent: 95, thresholdMs: 300 })
  .describe('The promise to callers on time, as their own proxies measure it.');

const windowDays = z
  .int()
  .min(7)
  .max(30)
  .default(28)
  .describe('Rolling period of the error budget; 28 holds four of every weekday.');

export const slos = z
  .strictObject({
    availability,
    latency,
    windowDays,
    expectedRequestsPerSecond: z
      .number()
      .positive()
      .max(1_000_000)
      .describe('Usual rate in this environment; says which alerts can fire, and after what time.'),
    alertFloorFailedRequests: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'Bad requests below which no burn alert fires. Left out, as many as keep false alarms rare at any rate.',
      ),
  })
  .describe('What this service promises.');

export const journeys = z
  .record(
    dnsName,
    z.strictObject({
      description: z.string().min(10).max(200),
      owner: dnsName.describe('Team that answers its alerts.'),
      entries: uniqueList(dnsName).describe(
        'Services whose public routes the journey passes. It is measured at the ingress gateway.',
      ),
      slos: z
        .strictObject({ availability, latency, windowDays })
        .prefault({})
        .describe('What the public is promised.'),
    }),
  )
  .default({})
  .describe('What the public comes for, as a whole. Its alerts page, whatever the tier of its services.');
