import { loosenedAdmission } from '../fact-change';
import { EXTERNAL_CLIENTS } from '../facts/fact';
import { at, blockAt, isObject, listAt, numberAt, textAt, textsAt } from '../json';
import {
  parseManifest,
  resourceAfter,
  resourceBefore,
  type ResourceChange,
  type ResourceState,
} from '../resource-change';
import type { Flag, ReviewInput, RiskFinding } from './flag';

const EVERYONE: readonly string[] = ['allUsers', 'allAuthenticatedUsers'];
const ANY_ADDRESS: readonly string[] = ['0.0.0.0/0', '::/0'];

export const publicExposure: Flag = {
  id: 'public-exposure',
  severity: 'critical',
  title: 'Public exposure increased',
  find: (input) => [...openedRoutes(input), ...input.changes.flatMap(openedResource)],
};

/** A new route with a token is `public-route-added`. */
function openedRoutes({ facts }: ReviewInput): RiskFinding[] {
  return facts.flatMap((change): RiskFinding[] => {
    if (change.kind !== 'permission' || change.after === undefined) return [];
    const { subject, caller, method, path, label, token, sources } = change.after;
    if (caller !== EXTERNAL_CLIENTS) return [];
    const route = `${label === '' ? '' : `${label} `}${method} ${path}`;
    const from = sources.length === 0 ? '' : `, only from ${sources.join(', ')}`;
    const messages =
      change.before === undefined
        ? token === 'none'
          ? [`new route ${route}, end-user token: none${from}`]
          : []
        : loosenedAdmission(change).map((condition) => `${route} no longer needs ${condition}`);
    return messages.map((message) => ({ message, location: subject }));
  });
}

/** Exposures of the resource that it did not have before. */
function openedResource(change: ResourceChange): RiskFinding[] {
  const before = resourceBefore(change);
  const known = new Set(before ? exposures(before) : []);
  const after = resourceAfter(change);
  const opened = (after ? exposures(after) : []).filter((exposure) => !known.has(exposure));
  const removed =
    change.action === 'delete' && change.type === 'google_compute_security_policy'
      ? ['Cloud Armor policy removed']
      : [];
  return [...opened, ...removed].map((message) => ({ message, location: change.address }));
}

function exposures(resource: ResourceState): string[] {
  const { type, values } = resource;
  const manifest = parseManifest(resource);
  if (manifest !== undefined) {
    const serviceType = textAt(manifest.spec, 'type') ?? 'ClusterIP';
    return manifest.kind === 'Service' && ['LoadBalancer', 'NodePort'].includes(serviceType)
      ? [`Service of type ${serviceType}`]
      : [];
  }
  const members = [textAt(values, 'member') ?? '', ...textsAt(values, 'members')];
  return [
    ...members.filter((member) => EVERYONE.includes(member)).map((member) => `role granted to ${member}`),
    ...(type.includes('firewall') && isOpenFirewall(values) ? ['firewall admits any source address'] : []),
    ...cloudExposures(resource),
  ];
}

function isOpenFirewall(values: unknown): boolean {
  const isIngress = textAt(values, 'direction') !== 'EGRESS';
  const ranges = [...textsAt(values, 'source_ranges'), ...textsAt(blockAt(values, 'match'), 'src_ip_ranges')];
  const allows =
    listAt(values, 'allow').length > 0 ||
    isObject(at(values, 'allow')) ||
    textAt(values, 'action') === 'allow';
  return isIngress && allows && ranges.some((range) => ANY_ADDRESS.includes(range));
}

function cloudExposures({ type, values }: ResourceState): string[] {
  switch (type) {
    case 'google_sql_database_instance': {
      const network = blockAt(values, 'settings', 'ip_configuration');
      return at(network, 'ipv4_enabled') === true ? ['database with a public IP address'] : [];
    }
    case 'google_alloydb_instance':
      return at(blockAt(values, 'network_config'), 'enable_public_ip') === true
        ? ['database with a public IP address']
        : [];
    case 'google_storage_bucket':
      return textAt(values, 'public_access_prevention') === 'enforced'
        ? []
        : ['bucket without public access prevention'];
    case 'google_container_cluster': {
      const nodes = blockAt(values, 'private_cluster_config');
      const byAddress = blockAt(values, 'control_plane_endpoints_config', 'ip_endpoints_config');
      return [
        ...(at(nodes, 'enable_private_nodes') === true ? [] : ['nodes with public IP addresses']),
        ...(at(byAddress, 'enabled') === false ? [] : ['control plane reachable at an IP address']),
      ];
    }
    case 'google_compute_security_policy_rule':
      return textAt(values, 'action') === 'allow' && numberAt(values, 'priority') !== 2_147_483_647
        ? ['Cloud Armor rule that allows requests']
        : [];
    default:
      return [];
  }
}
