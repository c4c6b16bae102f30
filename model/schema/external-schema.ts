/** What is written in `mesh-config/external/<name>.yaml`: a third party that the shop calls. */
import { z } from 'zod';
import { dnsName, hostName, milliseconds } from './primitives';
import { waivers } from './waiver-schema';

export const externalSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName.describe('Equals the file name.'),
    description: z.string().min(10).max(200).describe('One sentence for the diagram and the dashboards.'),
    owner: dnsName.describe('Team that holds the contract with the third party.'),
    host: hostName.describe(
      'Host name, as in its certificate. Callers use http://<host>; the egress gateway adds TLS.',
    ),
    port: z.int().min(1).max(65_535).default(443).describe('Port of the third party.'),
    tls: z
      .strictObject({
        sni: hostName.optional().describe('Server name asked for. Left out, it is the host.'),
        subjectAltNames: z
          .array(hostName)
          .min(1)
          .optional()
          .describe('Names accepted in its certificate. Left out, the host.'),
      })
      .prefault({})
      .describe(
        'TLS that the egress gateway originates and verifies against the public certificate authorities.',
      ),
    cardholderData: z.boolean().default(false).describe('true if card data is sent there.'),
    availabilityPercent: z
      .number()
      .min(50)
      .max(100)
      .optional()
      .describe(
        'What the contract promises. Left out, it counts as 100 when the targets of its callers are judged.',
      ),
    timeoutMs: milliseconds.describe('Time the egress gateway waits for an answer, retries included.'),
    retries: z
      .strictObject({
        attempts: z
          .int()
          .min(0)
          .max(3)
          .default(0)
          .describe('Retries by the egress gateway, only when no request can have arrived.'),
        perTryTimeoutMs: milliseconds
          .optional()
          .describe('Time one try may take; needed when attempts is above 0.'),
      })
      .prefault({}),
    circuitBreaker: z
      .strictObject({
        maxConnections: z
          .int()
          .min(1)
          .max(10_000)
          .default(50)
          .describe('TCP connections of one egress gateway pod.'),
        maxPendingRequests: z
          .int()
          .min(1)
          .max(10_000)
          .default(25)
          .describe('Requests of one gateway pod that wait for a connection.'),
        maxRequests: z
          .int()
          .min(1)
          .max(10_000)
          .default(100)
          .describe('Requests in flight of one gateway pod.'),
        consecutive5xxErrors: z
          .int()
          .min(1)
          .max(100)
          .default(5)
          .describe('Server errors in a row that eject an address of the host.'),
        baseEjectionSeconds: z
          .int()
          .min(1)
          .max(3_600)
          .default(30)
          .describe('First ejection; the n-th lasts n times as long.'),
      })
      .prefault({}),
    waivers,
  })
  .describe('One third party.');

export type ExternalSpec = z.output<typeof externalSchema>;
