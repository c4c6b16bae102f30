/** What the platform team writes in `mesh-config/mesh.yaml`: facts that are the same in every environment. */
import { z } from 'zod';
import { dnsName, emailAddress, httpsUrl } from './primitives';
import { journeys } from './slo-schema';

const domain = z.strictObject({
  description: z.string().min(10).max(200),
  operators: emailAddress.describe('Google group that may restart and inspect workloads of the domain.'),
  viewers: emailAddress.describe('Google group that may read the objects of the domain, secrets excepted.'),
});

export const meshSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName
      .max(12, 'must be at most 12 characters')
      .describe('Prefix of Google resource names. Changing it recreates everything.'),
    groupsDomain: z
      .string()
      .regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/)
      .describe("Workspace domain; GKE resolves groups through 'gke-security-groups@<domain>'."),
    platformAdmins: emailAddress.describe('Google group of the platform team.'),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, "must be '<owner>/<name>'")
      .optional()
      .describe('GitHub repository whose workflows may plan and deploy. Left out, only people do.'),
    runbooks: httpsUrl
      .optional()
      .describe(
        "Address of the folder docs/runbooks where people read the repository; alerts link there. Left out, it is GitHub's, if the repository is there.",
      ),
    domains: z.record(dnsName, domain).describe('Business domains; each is one namespace of the same name.'),
    secrets: z
      .record(dnsName, z.strictObject({ description: z.string().min(10).max(200) }))
      .default({})
      .describe(
        'Secrets that exist, by name. Services list those that they read; taking one out here, and nothing else, deletes it.',
      ),
    journeys,
    pageOwner: dnsName.default('team-platform').describe('Team that answers alerts of the mesh itself.'),
  })
  .describe('The mesh.');

export type MeshSpec = z.output<typeof meshSchema>;
export type JourneySpec = MeshSpec['journeys'][string];
