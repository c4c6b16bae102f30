/** SLOs of services and of user journeys. */
import { z } from 'zod';
import { dnsName, milliseconds, uniqueList } from './primitives';

const targetPercent = z.number().min(50).max(99.9);

const availability = z
  .strictObject({ targetPercent })
  .prefault({ targetPercent: 99.9 })
  .describe('Percentage of requests without a 5xx response. Cloud Monitoring allows at most 99.9.');

const latency = z
  .strictObject({
    targetPercent: targetPercent.describe('Percentage of responses that take less than thresholdMs.'),
    thresholdMs: milliseconds.describe(
      'A power of two, such as 256 or 512, is measured exactly. Any other is measured at the next lower one, which may be at most 20 % lower.',
    ),
  })
  .prefault({ targetPercent: 95, thresholdMs: 300 })
  .describe("Latency, measured at the callers' proxies.");

const windowDays = z
  .int()
  .min(7)
  .max(30)
  .default(28)
  .describe('Rolling period of the error budget, in days. 28 days have four of each weekday.');

export const slos = z
  .strictObject({
    availability,
    latency,
    windowDays,
    expectedRequestsPerSecond: z
      .number()
      .positive()
      .max(1_000_000)
      .describe('Usual request rate in this environment. Determines which alerts can fire, and how soon.'),
    alertFloorFailedRequests: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'Failed or slow requests below which no burn-rate alert fires. Default: computed, so that false alarms are rare at any request rate.',
      ),
  })
  .describe('SLOs of this service.');

export const journeys = z
  .record(
    dnsName,
    z.strictObject({
      description: z.string().min(10).max(200),
      owner: dnsName.describe('Team that owns its alerts.'),
      entries: uniqueList(dnsName).describe(
        'Services whose ingress routes belong to the journey. Measured at the ingress gateway.',
      ),
      slos: z
        .strictObject({ availability, latency, windowDays })
        .prefault({})
        .describe('SLOs for external clients.'),
    }),
  )
  .default({})
  .describe(
    'User journeys through one or more services. Their alerts page, whatever the tier of the services.',
  );
