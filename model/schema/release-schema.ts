/** What pipelines write in `mesh-config/releases/<environment>.yaml`: what runs, and how traffic is split. */
import { z } from 'zod';
import { dnsName, imageReference, incidentId, versionName } from './primitives';

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
