/** The sections `cluster` and `images` of an environment file. */
import { z } from 'zod';
import { dnsName, imageReference, instant, uniqueList } from './primitives';

export const cluster = z
  .strictObject({
    mode: z.enum(['standard', 'autopilot']).default('standard').describe('Changing it replaces the cluster.'),
    location: z
      .enum(['regional', 'zonal'])
      .default('regional')
      .describe('zonal has one control plane replica and a third of the node cost.'),
    releaseChannel: z
      .enum(['RAPID', 'REGULAR', 'STABLE'])
      .default('REGULAR')
      .describe('Also determines the version of the managed mesh.'),
    nodes: z
      .strictObject({
        machineType: z
          .string()
          .regex(/^[a-z]\d[a-z]?-[a-z]+-\d+$/, "must be a machine type such as 'e2-standard-4'"),
        minPerZone: z.int().min(0).max(100),
        maxPerZone: z.int().min(1).max(1_000),
        diskGiB: z.int().min(30).max(1_000).default(100),
        spot: z
          .boolean()
          .default(false)
          .describe('Spot VMs: cheaper, and Google can reclaim them at any time.'),
      })
      .optional()
      .describe('Required in standard mode. Autopilot manages nodes.'),
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
        exclusions: z
          .array(
            z.strictObject({
              name: dnsName.describe('Shown in the Google Cloud console.'),
              start: instant.describe('Start, in UTC.'),
              end: instant.describe('End, in UTC. Remove the exclusion afterwards.'),
              scope: z
                .enum(['no-upgrades', 'no-minor-upgrades', 'no-minor-or-node-upgrades'])
                .describe(
                  'no-upgrades: neither patches nor nodes, at most 30 days. no-minor-upgrades: patches of control plane and nodes only. no-minor-or-node-upgrades: patches of the control plane only. The last two end at most 180 days after they are applied, and not after the end of support of the minor version.',
                ),
            }),
          )
          .default([])
          .describe(
            'Times without automatic upgrades, such as a change freeze. Terraform removes an exclusion that is created by other means.',
          ),
      })
      .prefault({})
      .describe('Maintenance window for upgrades of control plane and nodes.'),
  })
  .prefault({})
  .describe('GKE cluster.');

export const images = z
  .strictObject({
    requireDigest: z
      .boolean()
      .default(true)
      .describe('Reject images without a digest: a tag can move after the review.'),
    sample: imageReference
      .optional()
      .describe(
        'Public sample container for services without an image. It responds to HTTP and calls its back ends.',
      ),
    attestation: z
      .enum(['off', 'audit', 'required'])
      .default('off')
      .describe(
        "required: the cluster starts only images that the pipeline signed, and Google's. audit: it starts other images too, and logs them.",
      ),
    scanning: z
      .boolean()
      .default(true)
      .describe('Scan every pushed image for known vulnerabilities. Billed per image.'),
    blockedSeverity: z
      .enum(['CRITICAL', 'HIGH', 'MEDIUM'])
      .default('CRITICAL')
      .describe(
        'Lowest severity of a vulnerability with a fix that keeps mesh release attest from signing an image.',
      ),
  })
  .prefault({})
  .describe('Which images may run.');
