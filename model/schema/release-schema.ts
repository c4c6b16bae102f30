/** Schema of `mesh-config/releases/<environment>.yaml`, written by pipelines: images and canary weights. */
import { z } from 'zod';
import { dnsName, imageDigest, imageReference, incidentId, instant, versionName } from './primitives';

const release = z.strictObject({
  images: z.record(versionName, imageReference).describe('Image of each running version.'),
  canary: z
    .strictObject({
      version: versionName.describe('Canary version.'),
      weightPercent: z
        .int()
        .min(0)
        .max(100)
        .describe('Percentage of requests to the canary. The stable version takes the rest.'),
      startedAt: instant
        .optional()
        .describe(
          'Start of this release. Incidents that opened earlier are ignored. Written by mesh canary.',
        ),
      stepSince: instant
        .optional()
        .describe(
          'Start of the current weight, from which the slow detectors count. Without it they count over their whole window.',
        ),
      pausedBecause: z
        .string()
        .min(3)
        .max(200)
        .optional()
        .describe(
          'Reason for which a person paused the release. mesh canary advance fails until it is removed.',
        ),
      rolledBackAt: instant
        .optional()
        .describe(
          'Time of the rollback. This release takes no more traffic; the next one needs a new image.',
        ),
    })
    .optional()
    .describe('Running canary. Without it, only the stable version runs.'),
  hotfix: z
    .strictObject({
      digest: imageDigest.describe('The image that the exception is for. Other images need their full time.'),
      reason: z.string().min(10).max(200).describe('Why this image cannot wait.'),
      ticket: z.string().min(2).max(100).describe('Incident or ticket.'),
    })
    .optional()
    .describe(
      'Exception from promotion.soakMinutes of the environment for one image. A plan review reports it as critical.',
    ),
});

export const releaseSchema = z
  .strictObject({
    $schema: z.string().optional(),
    services: z.record(dnsName, release).describe('Releases by service.'),
    acknowledgedIncidents: z
      .array(incidentId)
      .default([])
      .describe('Ids of incidents that a person has investigated. Their weight caps no longer apply.'),
  })
  .describe(
    "Releases of one environment; without a release, 'services: {}'. mesh release and mesh canary edit single entries and keep all other lines.",
  );

export type ReleaseSpec = z.output<typeof releaseSchema>;
