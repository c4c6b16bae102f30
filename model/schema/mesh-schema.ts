/** Schema of `mesh-config/mesh.yaml`: settings that are common to all environments, owned by the platform team. */
import { z } from 'zod';
import { dnsName, emailAddress, httpsUrl } from './primitives';
import { journeys } from './slo-schema';

const domain = z.strictObject({
  description: z.string().min(10).max(200),
  operators: emailAddress.describe('Google group that may inspect and restart workloads of the domain.'),
  viewers: emailAddress.describe('Google group that may read the objects of the domain, except secrets.'),
});

export const meshSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName
      .max(12, 'must be at most 12 characters')
      .describe('Prefix of names of Google resources. Changing it recreates everything.'),
    groupsDomain: z
      .string()
      .regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/)
      .describe("Google Workspace domain. GKE resolves groups through 'gke-security-groups@<domain>'."),
    platformAdmins: emailAddress.describe('Google group of the platform team.'),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, "must be '<owner>/<name>'")
      .optional()
      .describe('GitHub repository whose workflows may plan and deploy. Without it, only people can.'),
    runbooks: httpsUrl
      .optional()
      .describe(
        'URL of the folder docs/runbooks, for links in alerts. Default: the folder in the GitHub repository, if there is one.',
      ),
    domains: z.record(dnsName, domain).describe('Business domains. Each is a namespace with the same name.'),
    secrets: z
      .record(dnsName, z.strictObject({ description: z.string().min(10).max(200) }))
      .default({})
      .describe(
        'Secrets by name. Services list the ones that they read. A secret is deleted only when it is removed here.',
      ),
    journeys,
    pageOwner: dnsName.default('team-platform').describe('Team that owns alerts of the mesh itself.'),
  })
  .describe('Settings that are common to all environments.');

export type MeshSpec = z.output<typeof meshSchema>;
export type JourneySpec = MeshSpec['journeys'][string];
