/** Networks, addresses, NAT, and Private Service Connect. Firewall and web policies are in files of their own. */
import type { Context } from '../engine/call';
import { isApiObject, type ApiObject } from '../engine/json';
import { kind, type FinishedOperation, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireService } from '../rules/services';
import { gatewayOf, linkOf, nameOfLink, overlap, regionLink, regionName } from './compute-links';
import { FIREWALL_METHODS, FIREWALL_POLICIES, isAttachedPolicy } from './firewall-policies';
import { SECURITY_METHODS, SECURITY_POLICIES } from './security-policies';
import { RFC_1035, requireName } from './names';

interface Subnetwork {
  readonly ipCidrRange: string;
  readonly network: string;
  readonly secondaryIpRanges?: readonly { readonly ipCidrRange: string }[];
  readonly logConfig?: ApiObject & { readonly flowSampling?: number };
  readonly purpose?: string;
  readonly stackType?: string;
}
interface Address {
  readonly name: string;
  readonly address?: string;
  readonly addressType?: string;
  readonly purpose?: string;
  readonly subnetwork?: string;
}
interface Nat extends ApiObject {
  readonly natIpAllocateOption?: string;
  readonly natIps?: readonly string[];
  readonly enableDynamicPortAllocation?: boolean;
  readonly enableEndpointIndependentMapping?: boolean;
}
interface ForwardingRule {
  readonly target?: string;
  readonly loadBalancingScheme?: string;
  readonly IPAddress?: string;
  readonly IPProtocol?: string;
  readonly network?: string;
  readonly allowPscGlobalAccess?: boolean;
}

const RANGES = page('vpc/docs/subnets#ipv4-ranges');
const ADDRESSES = page('vpc/docs/reserve-static-internal-ip-address');
const NAT_PORTS = page('nat/docs/tune-nat-configuration#choose-dpa');
const NAT_ADDRESSES = schemaText('compute.v1#RouterNat.natIpAllocateOption');
const CONNECT = page('vpc/docs/configure-private-service-connect-services#create-endpoint');
const SCHEME = schemaText('compute.v1#ForwardingRule.loadBalancingScheme');
const NAMES = schemaText('compute.v1#Network.name');
const NAT_DEFAULTS = {
  type: 'PUBLIC',
  endpointTypes: ['ENDPOINT_TYPE_VM'],
  udpIdleTimeoutSec: 30,
  icmpIdleTimeoutSec: 30,
  tcpEstablishedIdleTimeoutSec: 1_200,
  tcpTransitoryIdleTimeoutSec: 30,
  tcpTimeWaitTimeoutSec: 120,
  enableEndpointIndependentMapping: false,
  autoNetworkTier: 'PREMIUM',
};

export const COMPUTE: Product = {
  identity: (id, { world, name }) => ({
    id: world.number(),
    name: id,
    creationTimestamp: world.timestamp(),
    selfLink: linkOf(name),
    fingerprint: world.fingerprint(),
  }),
  operation: computeOperation,
  methods: {
    ...FIREWALL_METHODS,
    ...SECURITY_METHODS,
    'compute.subnetworks.setPrivateIpGoogleAccess': (call, engine, note) => {
      const name = call.path.replace(/\/setPrivateIpGoogleAccess$/, '');
      const subnetwork = {
        ...engine.read('compute', name),
        privateIpGoogleAccess: call.body['privateIpGoogleAccess'],
      };
      return engine.replace(call, note, name, subnetwork, 'update');
    },
    'compute.networks.listPeeringRoutes': () => ({}),
  },
  kinds: {
    firewallPolicies: FIREWALL_POLICIES,
    securityPolicies: SECURITY_POLICIES,
    networks: kind<ApiObject>({
      check: (_network, { name }) => requireName(name, RFC_1035, NAMES),
      defaults: (network) => ({
        kind: 'compute#network',
        autoCreateSubnetworks: network['autoCreateSubnetworks'] ?? true,
        routingConfig: { routingMode: 'REGIONAL', ...(network['routingConfig'] as ApiObject) },
        networkFirewallPolicyEnforcementOrder:
          network['networkFirewallPolicyEnforcementOrder'] ?? 'AFTER_CLASSIC_FIREWALL',
        mtu: network['mtu'] ?? 1_460,
      }),
      deleting: (_network, { world, name }) => {
        const policy = world.entries().find(([key, resource]) => isAttachedPolicy(key, resource, name));
        if (policy) invalid(`The network resource '${name}' is already being used by '${policy[0]}'`, RANGES);
      },
    }),
    subnetworks: kind<Subnetwork>({
      check: checkSubnetwork,
      defaults: (subnetwork, { name }) => ({
        kind: 'compute#subnetwork',
        gatewayAddress: gatewayOf(subnetwork.ipCidrRange),
        purpose: subnetwork.purpose ?? 'PRIVATE',
        stackType: subnetwork.stackType ?? 'IPV4_ONLY',
        region: regionLink(name),
        network: linkOf(subnetwork.network),
        privateIpv6GoogleAccess: 'DISABLE_GOOGLE_ACCESS',
        allowSubnetCidrRoutesOverlap: false,
        ...(subnetwork.logConfig && {
          logConfig: { enable: true, filterExpr: 'true', ...subnetwork.logConfig },
        }),
      }),
    }),
    addresses: kind<Address>({
      check: checkAddress,
      defaults: (address, { world, name }) => ({
        kind: 'compute#address',
        status: 'RESERVED',
        addressType: address.addressType ?? 'EXTERNAL',
        address: address.address ?? `203.0.113.${(world.size % 250) + 1}`,
        networkTier: 'PREMIUM',
        labelFingerprint: world.fingerprint(),
        ...(name.includes('/regions/') && { region: regionLink(name) }),
        ...(address.addressType === 'INTERNAL' && {
          purpose: address.purpose ?? 'GCE_ENDPOINT',
          ...(address.subnetwork !== undefined && { subnetwork: linkOf(address.subnetwork) }),
        }),
      }),
    }),
    routers: kind<{ readonly network: string; readonly nats?: readonly Nat[] }>({
      check: ({ nats = [] }) => nats.forEach(checkNat),
      defaults: ({ network, nats }, { name }) => ({
        kind: 'compute#router',
        region: regionLink(name),
        network: linkOf(network),
        ...(nats && { nats: nats.map((nat) => ({ ...NAT_DEFAULTS, ...nat })) }),
      }),
    }),
    sslPolicies: kind<{ readonly profile?: string; readonly minTlsVersion?: string }>({
      defaults: ({ profile, minTlsVersion }) => ({
        kind: 'compute#sslPolicy',
        enabledFeatures: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
        profile: profile ?? 'COMPATIBLE',
        minTlsVersion: minTlsVersion ?? 'TLS_1_0',
      }),
    }),
    forwardingRules: kind<ForwardingRule>({ check: checkForwardingRule, defaults: forwardingRuleDefaults }),
  },
};

function checkSubnetwork(
  { ipCidrRange, secondaryIpRanges = [], network }: Subnetwork,
  { world, name }: Context,
): void {
  const ranges = [ipCidrRange, ...secondaryIpRanges.map((range) => range.ipCidrRange)];
  for (const [index, range] of ranges.entries())
    for (const other of ranges.slice(index + 1))
      if (overlap(range, other)) invalid(`the ranges ${range} and ${other} overlap`, RANGES);
  for (const [key, other] of world.entries()) {
    if (!/^compute\/.*\/subnetworks\//.test(key) || key.endsWith(name)) continue;
    const { network: otherNetwork, ipCidrRange: otherRange } = other as unknown as Subnetwork;
    if (linkOf(network) === linkOf(otherNetwork) && ranges.some((range) => overlap(range, otherRange)))
      invalid(`a range overlaps with ${key}`, RANGES);
  }
}

function checkAddress({ name: id, address, subnetwork }: Address, { world }: Context): void {
  if (address === undefined || subnetwork === undefined) return;
  const range = (world.get('compute', nameOfLink(subnetwork)) as unknown as Subnetwork | undefined)
    ?.ipCidrRange;
  if (range !== undefined && !overlap(`${address}/32`, range))
    invalid(`Specified IP address ${address} is not in subnetwork ${range}`, ADDRESSES);
  const taken = world
    .entries()
    .some(
      ([key, other]) => /\/addresses\//.test(key) && other['address'] === address && other['name'] !== id,
    );
  if (taken) invalid(`Specified IP address ${address} is in use`, ADDRESSES);
}

function checkNat(nat: Nat): void {
  if (nat.natIpAllocateOption === 'MANUAL_ONLY' && (nat.natIps ?? []).length === 0)
    invalid('MANUAL_ONLY needs natIps', NAT_ADDRESSES);
  if (nat.enableDynamicPortAllocation && nat.enableEndpointIndependentMapping)
    invalid('dynamic port allocation cannot be used with endpoint-independent mapping', NAT_PORTS);
}

function checkForwardingRule({ target = '', loadBalancingScheme }: ForwardingRule, { world }: Context): void {
  if (!target.includes('/serviceAttachments/')) return;
  if (loadBalancingScheme)
    invalid('an endpoint of Private Service Connect has no load balancing scheme', SCHEME);
  const attachments = world.entries().flatMap(([, resource]) => attachmentsOf(resource));
  if (!attachments.some((attachment) => nameOfLink(target) === nameOfLink(attachment)))
    invalid(`The service attachment '${target}' was not found`, CONNECT);
  // The endpoint is registered there.
  requireService(world, 'servicedirectory');
}

function attachmentsOf(resource: ApiObject): string[] {
  const config = resource['pscInstanceConfig'];
  const links = [
    resource['pscServiceAttachmentLink'],
    isApiObject(config) ? config['serviceAttachmentLink'] : undefined,
  ];
  return links.filter((link): link is string => typeof link === 'string');
}

function forwardingRuleDefaults(rule: ForwardingRule, { world, name }: Context): ApiObject {
  const address = rule.IPAddress?.includes('/addresses/')
    ? world.get('compute', nameOfLink(rule.IPAddress))?.['address']
    : rule.IPAddress;
  return {
    kind: 'compute#forwardingRule',
    region: regionLink(name),
    IPAddress: address,
    IPProtocol: rule.IPProtocol ?? 'TCP',
    ...(rule.network !== undefined && { network: linkOf(rule.network) }),
    labelFingerprint: world.fingerprint(),
    pscConnectionId: world.number(),
    pscConnectionStatus: 'ACCEPTED',
    serviceDirectoryRegistrations: [{ namespace: 'goog-psc-default', region: regionName(name) }],
    networkTier: 'PREMIUM',
    allowPscGlobalAccess: rule.allowPscGlobalAccess ?? false,
  };
}

function computeOperation({ id, type, resource }: FinishedOperation, { world, name }: Context): ApiObject {
  const [scope = '', place] = /projects\/[^/]+\/(global|regions|zones)(?:\/[^/]+)?/.exec(name) ?? [];
  const parent = place === 'global' ? scope.replace(/global\/.*/, 'global') : scope;
  const time = world.timestamp();
  return {
    kind: 'compute#operation',
    id: world.number(),
    name: id,
    operationType: type,
    status: 'DONE',
    progress: 100,
    insertTime: time,
    startTime: time,
    endTime: time,
    targetLink: linkOf(name),
    targetId: resource['id'],
    selfLink: linkOf(`${parent}/operations/${id}`),
    ...(place === 'regions' && { region: linkOf(parent) }),
    ...(place === 'zones' && { zone: linkOf(parent) }),
  };
}
