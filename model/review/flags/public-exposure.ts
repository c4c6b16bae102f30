import { EXTERNAL_CLIENTS } from '../facts/fact';
import { at, blockAt, isObject, listAt, numberAt, textAt, textsAt } from '../json';
import {
  kubernetesObject,
  resourceAfter,
  resourceBefore,
  type Resource,
  type ResourceChange,
} from '../resource-change';
import type { Evidence, Finding, Flag } from './flag';

const EVERYONE: readonly string[] = ['allUsers', 'allAuthenticatedUsers'];
const ANY_ADDRESS: readonly string[] = ['0.0.0.0/0', '::/0'];

export const publicExposure: Flag = {
  id: 'public-exposure',
  severity: 'critical',
  title: 'The public can reach more than before',
  find: (evidence) => [...openedRoutes(evidence), ...evidence.changes.flatMap(openedResource)],
};

function openedRoutes({ facts }: Evidence): Finding[] {
  const found = facts.flatMap((change): Finding[] => {
    if (change.kind !== 'permission' || change.after === undefined) return [];
    const { subject, caller, method, path, label, token } = change.after;
    if (caller !== EXTERNAL_CLIENTS) return [];
    const route = `${label === '' ? '' : `${label} `}${method} ${path}`;
    if (change.before === undefined) return [{ what: `new route ${route}, token ${token}`, where: subject }];
    return token === 'none' ? [{ what: `${route} no longer needs a token`, where: subject }] : [];
  });
  const hosts = facts.flatMap((change): Finding[] => {
    if (change.kind !== 'setting' || change.before !== undefined || change.after === undefined) return [];
    const { topic, label, subject } = change.after;
    return topic === 'public' ? [{ what: `new ${label}`, where: subject }] : [];
  });
  return [...found, ...hosts];
}

/** Exposed now, and not before. */
function openedResource(change: ResourceChange): Finding[] {
  const before = resourceBefore(change);
  const known = new Set(before ? exposures(before) : []);
  const after = resourceAfter(change);
  const opened = (after ? exposures(after) : []).filter((what) => !known.has(what));
  const guardGone =
    change.action === 'delete' && change.type === 'google_compute_security_policy'
      ? ['the web firewall in front of the shop goes']
      : [];
  return [...opened, ...guardGone].map((what) => ({ what, where: change.address }));
}

function exposures(resource: Resource): string[] {
  const { type, values } = resource;
  const object = kubernetesObject(resource);
  if (object !== undefined) {
    const kind = textAt(object.spec, 'type') ?? 'ClusterIP';
    return object.kind === 'Service' && ['LoadBalancer', 'NodePort'].includes(kind)
      ? [`a Service of type ${kind}`]
      : [];
  }
  const members = [textAt(values, 'member') ?? '', ...textsAt(values, 'members')];
  return [
    ...members.filter((member) => EVERYONE.includes(member)).map((member) => `granted to ${member}`),
    ...(type.includes('firewall') && isOpenFirewall(values) ? ['packets from any address are let in'] : []),
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

function cloudExposures({ type, values }: Resource): string[] {
  switch (type) {
    case 'google_sql_database_instance': {
      const network = blockAt(values, 'settings', 'ip_configuration');
      return at(network, 'ipv4_enabled') === true ? ['the database gets a public address'] : [];
    }
    case 'google_alloydb_instance':
      return at(blockAt(values, 'network_config'), 'enable_public_ip') === true
        ? ['the database gets a public address']
        : [];
    case 'google_storage_bucket':
      return textAt(values, 'public_access_prevention') === 'enforced'
        ? []
        : ['the bucket may be opened to the public'];
    case 'google_container_cluster': {
      const nodes = blockAt(values, 'private_cluster_config');
      const byAddress = blockAt(values, 'control_plane_endpoints_config', 'ip_endpoints_config');
      return [
        ...(at(nodes, 'enable_private_nodes') === true ? [] : ['nodes get public addresses']),
        ...(at(byAddress, 'enabled') === false ? [] : ['the control plane answers at an IP address']),
      ];
    }
    case 'google_compute_security_policy_rule':
      return textAt(values, 'action') === 'allow' && numberAt(values, 'priority') !== 2_147_483_647
        ? ['the web firewall lets more through']
        : [];
    default:
      return [];
  }
}
