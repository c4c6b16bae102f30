/** Schema of `mesh-config/environments/<name>.yaml`, owned by the platform team. */
import { z } from 'zod';
import { browsers } from './environment-browsers-schema';
import { cluster, images } from './environment-cluster-schema';
import { database, rollbackController, keys, kiali, logs, secrets, traces } from './environment-data-schema';
import { dns, edge, network } from './environment-network-schema';
import { dnsName, emailAddress, hostName, httpsUrl, ipv4Cidr, uniqueList } from './primitives';
import { waivers } from './waiver-schema';

const project = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, 'must be a Google project id')
      .describe(
        'Id of the Google project. Each environment needs its own, because the mesh feature is a singleton of the fleet.',
      ),
    number: z
      .string()
      .regex(/^[1-9]\d{5,18}$/, "must be the project number in quotes, such as '123456789012'")
      .describe('Number of the same project, for Workload Identity principals.'),
  })
  .describe('Google project of this environment.');

const jwt = z
  .strictObject({
    issuer: httpsUrl.describe("Required value of the token's 'iss' claim."),
    jwksUri: httpsUrl.describe("URL of the issuer's public keys. The proxies fetch it."),
    jwksCidrs: z
      .array(ipv4Cidr)
      .default([])
      .describe('Addresses of a jwksUri outside of googleapis.com. Network policy allows exactly these.'),
    audiences: uniqueList(z.string().min(1).max(200)).describe("Accepted values of the token's 'aud' claim."),
  })
  .describe('End-user tokens that the gateway and services with jwt routes accept.');

const state = z
  .discriminatedUnion('backend', [
    z.strictObject({ backend: z.literal('local') }),
    z.strictObject({
      backend: z.literal('gcs'),
      bucket: z.string().regex(/^[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]$/, 'must be a bucket name'),
    }),
  ])
  .prefault({ backend: 'local' })
  .describe('Backend of the Terraform state. local is for experiments; pipelines reject it.');

export const environmentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName
      .max(12, 'must be at most 12 characters')
      .describe('Must equal the file name. Prefix of the stack ids.'),
    production: z
      .boolean()
      .default(false)
      .describe('true enforces the rules for production and protects stateful resources from deletion.'),
    project,
    region: z.string().regex(/^[a-z]+-[a-z]+\d+$/, "must be a region such as 'europe-west1'"),
    zones: uniqueList(z.string().regex(/^[a-z]$/, "must be a zone letter such as 'b'")).describe(
      'Letters of the zones to use.',
    ),
    domainNames: z
      .strictObject({
        web: hostName.describe('Host name of pages.'),
        api: hostName.describe('Host name of the API.'),
      })
      .describe('Public host names.'),
    ingress: z
      .strictObject({
        hopEncryption: z
          .enum(['certificate', 'network'])
          .default('certificate')
          .describe(
            "Encryption between load balancer and ingress gateway: 'certificate' uses TLS with a key from Secret Manager, 'network' relies on Google's encryption inside the VPC.",
          ),
        minReplicas: z.int().min(1).max(100).default(2),
        maxReplicas: z.int().min(1).max(100).default(10),
      })
      .prefault({}),
    egress: z
      .strictObject({
        minReplicas: z.int().min(1).max(100).default(2),
        maxReplicas: z.int().min(1).max(100).default(5),
      })
      .prefault({}),
    jwt,
    network,
    edge,
    browsers,
    dns,
    cluster,
    database,
    state,
    images,
    keys,
    secrets,
    logs,
    traces,
    kiali,
    rollbackController,
    notifications: z
      .strictObject({
        page: z.array(emailAddress).min(1).describe('Recipients of pages, at any time.'),
        ticket: z.array(emailAddress).min(1).describe('Recipients of tickets, in working hours.'),
        owners: z
          .record(
            dnsName,
            z.strictObject({
              page: z.array(emailAddress).min(1).optional(),
              ticket: z.array(emailAddress).min(1).optional(),
            }),
          )
          .default({})
          .describe('Recipients by owner, in place of the ones above, for alerts of what the team owns.'),
      })
      .describe('Recipients of alerts.'),
    promotion: z
      .strictObject({
        from: dnsName.describe('Environment that runs every image first, such as staging.'),
        soakMinutes: z
          .int()
          .min(0)
          .max(20_160)
          .default(60)
          .describe(
            'Shortest time that an image serves requests there, with all of its pods available, before it may be released here.',
          ),
      })
      .optional()
      .describe(
        'Images come only from another environment, after they have run there. See docs/releases.md.',
      ),
    deletionProtection: z
      .boolean()
      .default(true)
      .describe('Deletion protection of the cluster, the database and the secrets.'),
    services: z
      .record(dnsName, z.record(z.string(), z.unknown()))
      .default({})
      .describe('Overrides of services in this environment, with the keys of the service file.'),
    waivers,
  })
  .describe('One environment.');

export type EnvironmentSpec = z.output<typeof environmentSchema>;
