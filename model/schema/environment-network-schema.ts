/** The sections `network`, `edge` and `dns` of an environment file. */
import { z } from 'zod';
import { day, hostName, ipv4Address, ipv4Cidr } from './primitives';

export const network = z
  .strictObject({
    nodesCidr: ipv4Cidr.describe('Primary range of the subnet, for nodes. It cannot be reduced.'),
    podsCidr: ipv4Cidr.describe(
      'Secondary range for pods, 256 addresses per node. A change needs a new cluster.',
    ),
    servicesCidr: ipv4Cidr.describe('Secondary range for Kubernetes Services. A change needs a new cluster.'),
    databaseEndpointIp: ipv4Address.describe(
      'Address of the database endpoint, within nodesCidr. For connectivity private-service-connect.',
    ),
    databasePeeringCidr: ipv4Cidr
      .optional()
      .describe(
        'Range for the database, at least /24. For connectivity private-services-access. It must be free in every connected network.',
      ),
    natAddressCount: z
      .int()
      .min(1)
      .max(16)
      .default(2)
      .describe(
        'Static public addresses of outgoing requests, for allow-lists of third parties. Each allows 64,512 connections to one destination.',
      ),
    flowLogSampling: z
      .number()
      .min(0.01)
      .max(1)
      .default(1)
      .describe('Fraction of network flows that are logged. Below 1, an incident may leave no log entry.'),
  })
  .describe('IP addresses. They must not overlap with any connected network.');

export const edge = z
  .strictObject({
    firewallMode: z
      .enum(['enforce', 'preview'])
      .default('enforce')
      .describe('preview only logs what the web application firewall would deny, for the rollout of a rule.'),
    firewallSensitivity: z
      .int()
      .min(1)
      .max(4)
      .default(1)
      .describe(
        'Cloud Armor WAF sensitivity. 1 has the fewest false positives; higher levels block more attacks and more customers.',
      ),
    requestsPerMinute: z
      .int()
      .min(10)
      .max(100_000)
      .default(600)
      .describe(
        'Limit per client address; requests above it get 429. Clients behind one NAT share an address.',
      ),
    writesPerMinute: z
      .int()
      .min(10)
      .max(100_000)
      .default(120)
      .describe(
        'Limit per client address for POST, PUT, PATCH and DELETE, apart from requestsPerMinute. It bounds what one address can hold by sending bodies slowly.',
      ),
    verboseLogsUntil: day
      .optional()
      .describe(
        'Last day on which Cloud Armor logs the part of a request that a rule matched, to investigate false positives: at most 14 days ahead. Such parts can be card numbers, and the logs are kept. Default: never.',
      ),
  })
  .prefault({})
  .describe('Cloud Armor policy of the load balancer.');

export const dns = z
  .strictObject({
    publicZone: hostName
      .optional()
      .describe(
        'Domain of a public DNS zone that is created with every public record. The parent domain must delegate to its name servers once. Without it, the records are outputs of the network stack, to be created by hand.',
      ),
  })
  .prefault({})
  .describe('Public DNS.');
