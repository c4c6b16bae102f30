/** What pipelines write in `mesh-config/releases/<environment>.yaml`: what runs, and how traffic is split. */
import { z } from 'zod';
import { dnsName, imageReference, incidentId, versionName } from './primitives';

/** UTC, to the second. */
const instant = z.iso.datetime("must be a time in UTC such as '2030-01-31T12:00:00Z'");

const release = z.strictObject({
  images: z.record(versionName, imageReference).describe('Image of each version that runs.'),
  canary: z
    .strictObject({
      version: versionName.describe('Version that takes the canary share.'),
      weightPercent: z
        .int()
        .min(0)
        .max(100)
        .describe('Share of requests; the stable version takes the rest.'),
      startedAt: instant
        .optional()
        .describe('When this release began: incidents from before are not its own. Written by mesh canary.'),
      stepSince: instant
        .optional()
        .describe(
          'Since when the weight is what it is: the slow detectors count from here. Left out, they count as far back as they look.',
        ),
      pausedBecause: z
        .string()
        .min(3)
        .max(200)
        .optional()
        .describe(
          'Why a person holds the release at this weight; mesh canary advance refuses until it is lifted.',
        ),
      rolledBackAt: instant
        .optional()
        .describe(
          'When the release was given up. It takes no traffic again; the next one has another image.',
        ),
    })
    .optional()
    .describe('Left out, only the stable version runs.'),
});

export const releaseSchema = z
  .strictObject({
    $schema: z.string().optional(),
    services: z.record(dnsName, release).describe('One entry a service.'),
    acknowledgedIncidents: z
      .array(incidentId)
      .default([])
      .describe('Incidents whose ceilings no longer hold, because a person has looked into them.'),
  })
  .describe('What runs in one environment. Written by machines; comments are lost.');

export type ReleaseSpec = z.output<typeof releaseSchema>;
