/** The cluster and what may run on it: what an environment file says about both. */
import { z } from 'zod';
import { imageReference, uniqueList } from './primitives';

export const cluster = z
  .strictObject({
    mode: z.enum(['standard', 'autopilot']).default('standard').describe('Changing it replaces the cluster.'),
    location: z
      .enum(['regional', 'zonal'])
      .default('regional')
      .describe('zonal has one control plane, at a third of the node cost.'),
    releaseChannel: z
      .enum(['RAPID', 'REGULAR', 'STABLE'])
      .default('REGULAR')
      .describe('Also decides the mesh version.'),
    nodes: z
      .strictObject({
        machineType: z
          .string()
          .regex(/^[a-z]\d[a-z]?-[a-z]+-\d+$/, "must be a machine type such as 'e2-standard-4'"),
        minPerZone: z.int().min(0).max(100),
        maxPerZone: z.int().min(1).max(1_000),
        diskGiB: z.int().min(30).max(1_000).default(100),
        spot: z.boolean().default(false).describe('Cheap nodes that Google may take away at any time.'),
      })
      .optional()
      .describe('Needed in standard mode; Autopilot sizes nodes itself.'),
    maintenance: z
      .strictObject({
        startTimeUtc: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as '02:00'")
          .default('02:00'),
        durationHours: z.int().min(4).max(24).default(6),
        days: uniqueList(z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])).default([
          'MO',
          'TU',
          'WE',
          'TH',
        ]),
      })
      .prefault({})
      .describe('When Google may upgrade control plane and nodes.'),
  })
  .prefault({})
  .describe('GKE.');

export const images = z
  .strictObject({
    requireDigest: z
      .boolean()
      .default(true)
      .describe('Refuse images that are named by a tag: a tag can move after review.'),
    sample: imageReference
      .optional()
      .describe(
        'Public sample container for services that have no image yet: answers HTTP and calls its back ends.',
      ),
    attestation: z
      .enum(['off', 'audit', 'required'])
      .default('off')
      .describe(
        "required: the cluster starts only images that the pipeline has signed, and Google's own. audit: it starts the others too, and logs them.",
      ),
    scanning: z
      .boolean()
      .default(true)
      .describe('Search every pushed image for known vulnerabilities. Billed an image.'),
  })
  .prefault({})
  .describe('Where images come from and which may run.');
