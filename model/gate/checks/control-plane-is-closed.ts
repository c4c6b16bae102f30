import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

export const controlPlaneIsClosed: GateCheck = {
  id: 'GAT-003',
  title: 'The control plane is closed to the internet',
  severity: 'error',
  rationale:
    'Whoever reaches the API server can try every credential and every flaw of it; addresses keep them out before authentication does (PCI DSS 1.4.2).',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation',
  fix: 'leave the DNS endpoint, which admits by IAM, as the only way in',
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === 'google_container_cluster')
      .flatMap((resource) =>
        openingsOf(resource.body).map((message) => ({ address: addressOf(resource), message })),
      ),
};

function openingsOf(cluster: JsonValue): string[] {
  const authorized = 'master_authorized_networks_config';
  const everybody = valuesAt(cluster, `${authorized}.cidr_blocks.cidr_block`).filter(
    (cidr) => typeof cidr === 'string' && /\/0+$/.test(cidr),
  );
  const fromGoogle = valuesAt(cluster, `${authorized}.gcp_public_cidrs_access_enabled`).includes(true);
  const [hasIp] = valuesAt(cluster, 'control_plane_endpoints_config.ip_endpoints_config.enabled');
  const isListed = valuesAt(cluster, `${authorized}.cidr_blocks`).length > 0;
  const isPrivate = valuesAt(cluster, 'private_cluster_config.enable_private_endpoint').includes(true);
  return [
    ...everybody.map((cidr) => `${authorized} admits '${String(cidr)}'`),
    ...(fromGoogle ? [`${authorized} admits every address of Google Cloud`] : []),
    ...(hasIp === false || isListed || isPrivate ? [] : ['its IP endpoint admits every address']),
  ];
}
