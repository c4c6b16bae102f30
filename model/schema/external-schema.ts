/** Schema of `mesh-config/external/<name>.yaml`: a third party that services call. */
import { z } from 'zod';
import { dnsName, hostName, milliseconds } from './primitives';
import { waivers } from './waiver-schema';

export const externalSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName.describe('Must equal the file name.'),
    description: z.string().min(10).max(200).describe('One sentence for the diagram and the dashboards.'),
    owner: dnsName.describe('Team that owns the contract with the third party.'),
    host: hostName.describe(
      'Host name, as in its certificate. Callers use http://<host>; the egress gateway originates TLS.',
    ),
    port: z.int().min(1).max(65_535).default(443).describe('Port of the third party.'),
    tls: z
      .strictObject({
        sni: hostName.optional().describe('TLS server name. Default: host.'),
        subjectAltNames: z
          .array(hostName)
          .min(1)
          .optional()
          .describe('Names accepted in its certificate. Default: host.'),
      })
      .prefault({})
      .describe('TLS of the egress gateway, verified against the public certificate authorities.'),
    cardholderData: z.boolean().default(false).describe('true if card data is sent to it.'),
    availabilityPercent: z
      .number()
      .min(50)
      .max(100)
      .optional()
      .describe(
        'Availability in the contract (SLA). Limits the availability targets of callers. Default: 100.',
      ),
    timeoutMs: milliseconds.describe('Time that the egress gateway waits for a response, including retries.'),
    retries: z
      .strictObject({
        attempts: z
          .int()
          .min(0)
          .max(3)
          .default(0)
          .describe('Retries by the egress gateway, only if the request cannot have arrived.'),
        perTryTimeoutMs: milliseconds
          .optional()
          .describe('Timeout of one attempt. Required if attempts is above 0.'),
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
          .describe('Pending requests of one egress gateway pod: waiting for a connection.'),
        maxRequests: z
          .int()
          .min(1)
          .max(10_000)
          .default(100)
          .describe('Requests in flight of one egress gateway pod.'),
        consecutive5xxErrors: z
          .int()
          .min(1)
          .max(100)
          .default(5)
          .describe('Consecutive 5xx responses that eject an address of the host.'),
        baseEjectionSeconds: z
          .int()
          .min(1)
          .max(3_600)
          .default(30)
          .describe('Duration of the first ejection; the n-th lasts n times as long.'),
      })
      .prefault({}),
    waivers,
  })
  .describe('One third party.');

export type ExternalSpec = z.output<typeof externalSchema>;
