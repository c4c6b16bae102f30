/** Documented, fixed addresses of Google Cloud. */

/**
 * private.googleapis.com: Google APIs, reached inside Google's network.
 *
 * @see https://cloud.google.com/vpc/docs/configure-private-google-access
 */
export const GOOGLE_API_VIP_CIDR = '199.36.153.8/30';
export const GOOGLE_API_VIP_ADDRESSES = [
  '199.36.153.8',
  '199.36.153.9',
  '199.36.153.10',
  '199.36.153.11',
] as const;

/**
 * Google front ends: sources of the external load balancer's requests and health checks.
 *
 * @see https://cloud.google.com/load-balancing/docs/firewall-rules
 */
export const GOOGLE_FRONT_END_CIDRS = ['35.191.0.0/16', '130.211.0.0/22'] as const;

/**
 * GKE metadata server, which issues Google credentials to pods. Network policy matches the first address with
 * Dataplane V2, the second without.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
 */
export const METADATA_SERVER_PORTS = [
  { cidr: '169.254.169.254/32', ports: [80, 8_080] },
  { cidr: '169.254.169.252/32', ports: [987, 988] },
] as const;

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache */
export const NODE_LOCAL_DNS_CIDR = '169.254.20.10/32';

/** Private, shared and link-local ranges, excluded from internet egress. RFC 1918, RFC 6598, RFC 3927. */
export const PRIVATE_CIDRS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
] as const;
