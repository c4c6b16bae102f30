/** Addresses, names and the edge: what an environment file says about its network. */
import { z } from 'zod';
import { hostName, ipv4Address, ipv4Cidr } from './primitives';

export const network = z
  .strictObject({
    nodesCidr: ipv4Cidr.describe('Primary range of the subnet. Cannot shrink.'),
    podsCidr: ipv4Cidr.describe(
      'Secondary range of pods: 256 addresses a node. Cannot be changed without a new cluster.',
    ),
    servicesCidr: ipv4Cidr.describe('Secondary range of Services. Cannot be changed without a new cluster.'),
    databaseEndpointIp: ipv4Address.describe(
      'Address in nodesCidr of the endpoint of the database, where connectivity is private-service-connect.',
    ),
    databasePeeringCidr: ipv4Cidr
      .optional()
      .describe(
        'Range that Google puts the database into, at least /24, where connectivity is private-services-access. Must be free in every network connected to this one.',
      ),
    natAddressCount: z
      .int()
      .min(1)
      .max(16)
      .default(2)
      .describe(
        'Static public addresses for outgoing requests, the ones a third party allow-lists. Each serves 64,512 connections to one destination.',
      ),
    flowLogSampling: z
      .number()
      .min(0.01)
      .max(1)
      .default(1)
      .describe('Share of network flows that are logged. Below 1 an incident may have left no trace.'),
  })
  .describe('Addresses. Must not overlap with networks this one is ever connected to.');

export const edge = z
  .strictObject({
    firewallMode: z
      .enum(['enforce', 'preview'])
      .default('enforce')
      .describe(
        'preview only logs what the web application firewall would refuse: for the rollout of a new rule.',
      ),
    firewallSensitivity: z
      .int()
      .min(1)
      .max(4)
      .default(1)
      .describe('1 refuses certain attacks; each step up refuses more of both attacks and customers.'),
    requestsPerMinute: z
      .int()
      .min(10)
      .max(100_000)
      .default(600)
      .describe('Allowed to one client address; above it gets 429. Offices share one address.'),
  })
  .prefault({})
  .describe('What the load balancer refuses before a request reaches the mesh.');

export const dns = z
  .strictObject({
    publicZone: hostName
      .optional()
      .describe(
        'Domain of a public zone made here, with every record the shop needs; its name servers must be delegated to once. Left out, the records are outputs of the network stack, to be made by hand.',
      ),
  })
  .prefault({})
  .describe('Public names.');
