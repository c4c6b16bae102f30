/** A resource cannot be deleted while another one refers to it. */
import { visitLeaves, type ApiObject } from '../engine/json';
import { notNow } from '../engine/refusal';
import { page, type Source } from '../engine/source';
import type { CloudState } from '../engine/world';

interface Use {
  readonly used: RegExp;
  readonly by: RegExp;
  readonly source: Source;
}

const USES: readonly Use[] = [
  {
    used: /^compute\/.*\/networks\//,
    by: /^compute\/.*\/(subnetworks|routers|addresses|forwardingRules|firewalls|firewallPolicies)\/|^container\/|^servicenetworking\//,
    source: page('vpc/docs/create-modify-vpc-networks#deleting_a_network'),
  },
  {
    used: /^compute\/.*\/subnetworks\//,
    by: /^compute\/.*\/(addresses|forwardingRules)\/|^container\//,
    source: page('vpc/docs/create-modify-vpc-networks#delete-subnet'),
  },
  {
    used: /^compute\/.*\/addresses\//,
    by: /^compute\/.*\/(forwardingRules|routers)\//,
    source: page('vpc/docs/reserve-static-external-ip-address#release_ip'),
  },
  {
    used: /^certificatemanager\/.*\/certificates\//,
    by: /\/certificateMapEntries\//,
    source: page('certificate-manager/docs/certificates#delete-certificate'),
  },
  {
    used: /^certificatemanager\/.*\/dnsAuthorizations\//,
    by: /\/certificates\//,
    source: page('certificate-manager/docs/dns-authorizations#delete-dns-auth'),
  },
  {
    used: /^monitoring\/.*\/notificationChannels\//,
    by: /\/alertPolicies\//,
    source: page('monitoring/support/notification-options#delete_channel'),
  },
];

export function refuseIfInUse(world: CloudState, api: string, name: string): void {
  const key = world.key(api, name);
  for (const { used, by, source } of USES) {
    if (!used.test(key)) continue;
    const user = world
      .entries()
      .find(([other, resource]) => other !== key && by.test(other) && refersTo(world, resource, name));
    if (user) notNow(`The resource '${name}' is already being used by '${user[0]}'`, source);
  }
}

/** By the project's id or number. */
function refersTo(world: CloudState, resource: ApiObject, name: string): boolean {
  const number = `projects/${world.projectNumber}/`;
  let found = false;
  visitLeaves(resource, (value, path) => {
    if (typeof value !== 'string' || ['name', 'selfLink'].includes(path.at(-1) ?? '')) return;
    const other = value.replace(number, `projects/${world.projectId}/`);
    if (other === name || other.endsWith(`/${name}`)) found = true;
  });
  return found;
}
