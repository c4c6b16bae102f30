/** Settings of the network, the public edge and names. */
import type { WatchedField, WatchedType } from './watched';

const platform = (path: string, label: string): WatchedField => ({ path, label, topic: 'platform' });

export const NETWORK_TYPES: Readonly<Record<string, WatchedType>> = {
  google_compute_network: {
    existence: { label: 'network', topic: 'platform' },
    fields: [platform('routing_mode', 'routing mode')],
  },
  google_compute_subnetwork: {
    existence: { label: 'subnet', topic: 'platform' },
    fields: [
      platform('ip_cidr_range', 'range of the subnet'),
      platform('secondary_ip_range', 'ranges of pods and Services'),
      {
        path: 'private_ip_google_access',
        label: 'private access to Google APIs',
        topic: 'platform',
      },
      {
        path: 'log_config.flow_sampling',
        label: 'sampled share of flow logs',
        topic: 'evidence',
        weaker: 'lower',
      },
      platform('log_config.metadata', 'metadata of flow logs'),
    ],
  },
  google_compute_router: { existence: { label: 'router', topic: 'platform' }, fields: [] },
  google_compute_router_nat: {
    existence: { label: 'NAT', topic: 'capacity', isLoss: true },
    fields: [
      { path: 'nat_ips', label: 'addresses of the NAT', topic: 'capacity', weaker: 'fewer' },
      platform('source_subnetwork_ip_ranges_to_nat', 'ranges behind the NAT'),
      {
        path: 'log_config.enable',
        label: 'logs of the NAT',
        topic: 'evidence',
        order: ['none', 'false', 'true'],
      },
      platform('log_config.filter', 'logged connections of the NAT'),
    ],
  },
  google_compute_address: {
    existence: { label: 'address', topic: 'platform' },
    fields: [platform('address_type', 'kind of address')],
  },
  google_compute_global_address: { existence: { label: 'public address', topic: 'platform' }, fields: [] },
  google_compute_forwarding_rule: {
    existence: { label: 'private endpoint', topic: 'platform' },
    fields: [
      {
        path: 'allow_psc_global_access',
        label: 'access to the endpoint from other regions',
        topic: 'connection',
        order: ['true', 'none', 'false'],
      },
    ],
  },
  google_compute_global_forwarding_rule: {
    existence: { label: 'private endpoint', topic: 'platform' },
    fields: [],
  },
  google_service_networking_connection: {
    existence: { label: 'peering', topic: 'platform' },
    fields: [platform('reserved_peering_ranges', 'peered ranges')],
  },
  google_compute_network_firewall_policy: {
    existence: { label: 'firewall policy', topic: 'default-deny' },
    fields: [],
  },
  google_compute_network_firewall_policy_association: {
    existence: { label: 'firewall policy of the network', topic: 'default-deny' },
    fields: [],
  },
  google_compute_security_policy: {
    existence: { label: 'Cloud Armor policy', topic: 'protection', isLoss: true },
    fields: [
      {
        path: 'adaptive_protection_config.layer_7_ddos_defense_config.enable',
        label: 'adaptive protection',
        topic: 'protection',
        order: ['none', 'false', 'true'],
      },
      platform('advanced_options_config.log_level', 'log level of Cloud Armor'),
    ],
  },
  google_compute_ssl_policy: {
    existence: { label: 'TLS policy of the load balancer', topic: 'mtls', isLoss: true },
    fields: [
      {
        path: 'min_tls_version',
        label: 'minimum TLS version of the load balancer',
        topic: 'mtls',
        order: ['none', 'TLS_1_0', 'TLS_1_1', 'TLS_1_2', 'TLS_1_3'],
      },
      {
        path: 'profile',
        label: 'TLS profile of the load balancer',
        topic: 'mtls',
        order: ['none', 'COMPATIBLE', 'CUSTOM', 'MODERN', 'RESTRICTED', 'FIPS_202205'],
      },
    ],
  },
  google_certificate_manager_certificate: {
    existence: { label: 'certificate', topic: 'public-name' },
    fields: [
      { path: 'managed.domains', label: 'names in the certificate', topic: 'public-name', weaker: 'more' },
    ],
  },
  google_certificate_manager_certificate_map: {
    existence: { label: 'certificates of the load balancer', topic: 'mtls', isLoss: true },
    fields: [],
  },
  google_certificate_manager_certificate_map_entry: {
    existence: { label: 'certificate of the load balancer', topic: 'public-name' },
    fields: [platform('hostname', 'name of the certificate')],
  },
  google_certificate_manager_dns_authorization: {
    existence: { label: 'authorization of a certificate', topic: 'public-name' },
    fields: [platform('domain', 'authorized name')],
  },
  google_dns_managed_zone: {
    existence: { label: 'DNS zone', topic: 'platform' },
    fields: [
      platform('dns_name', 'name of the zone'),
      {
        path: 'visibility',
        label: 'visibility of the zone',
        topic: 'connection',
        order: ['public', 'none', 'private'],
      },
    ],
  },
  google_dns_record_set: {
    existence: { label: 'DNS record', topic: 'platform' },
    fields: [platform('rrdatas', 'DNS answer')],
  },
};
