import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

export const controlPlaneNotPublic: GateCheck = {
  id: 'GAT-003',
  title: 'The control plane is not on the internet',
  severity: 'error',
  rationale:
    'An API server that is reachable from the internet exposes its authentication and its vulnerabilities to anyone (PCI DSS 1.4.2).',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation',
  fix: 'use the DNS endpoint only; IAM controls access to it',
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === 'google_container_cluster')
      .flatMap((resource) =>
        openingsOf(resource.body).map((message) => ({ address: addressOf(resource), message })),
      ),
};

function openingsOf(cluster: JsonValue): string[] {
  const authorized = 'master_authorized_networks_config';
  const openCidrs = valuesAt(cluster, `${authorized}.cidr_blocks.cidr_block`).filter(
    (cidr) => typeof cidr === 'string' && /\/0+$/.test(cidr),
  );
  const fromGoogle = valuesAt(cluster, `${authorized}.gcp_public_cidrs_access_enabled`).includes(true);
  const [hasIp] = valuesAt(cluster, 'control_plane_endpoints_config.ip_endpoints_config.enabled');
  const isListed = valuesAt(cluster, `${authorized}.cidr_blocks`).length > 0;
  const isPrivate = valuesAt(cluster, 'private_cluster_config.enable_private_endpoint').includes(true);
  return [
    ...openCidrs.map((cidr) => `${authorized} allows '${String(cidr)}'`),
    ...(fromGoogle ? [`${authorized} allows every address of Google Cloud`] : []),
    ...(hasIp === false || isListed || isPrivate ? [] : ['its IP endpoint allows every address']),
  ];
}
