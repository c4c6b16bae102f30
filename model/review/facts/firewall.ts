/** Rules of Google's network firewall, which limits what leaves the network and what enters it. */
import { blockAt, listAt, numberAt, textAt, textsAt } from '../json';
import type { ResourceState } from '../resource-change';
import type { Setting } from './fact';

const ANY_ADDRESS: readonly string[] = ['0.0.0.0/0', '::/0'];
const SUBJECT = 'network';

/** Destinations or sources and ports of a rule that allows; the presence of a rule that denies everything. */
export function firewallFacts({ address, values }: ResourceState): Setting[] {
  const name = textAt(values, 'rule_name') ?? textAt(values, 'name') ?? address;
  const direction = textAt(values, 'direction') ?? 'INGRESS';
  const match = blockAt(values, 'match');
  const peers = [
    'dest_ip_ranges',
    'dest_fqdns',
    'dest_region_codes',
    'src_ip_ranges',
    'src_fqdns',
    'src_region_codes',
  ].flatMap((field) => textsAt(match, field));
  const base = { kind: 'setting', subject: SUBJECT, source: address } as const;
  const deniesAll = textAt(values, 'action') === 'deny' && peers.some((peer) => ANY_ADDRESS.includes(peer));
  if (deniesAll)
    return [
      {
        ...base,
        topic: 'default-deny',
        label: `${direction} default deny (firewall)`,
        value: 'on',
        display: 'on',
      },
      {
        ...base,
        topic: 'protection',
        label: `priority of the ${direction} default deny`,
        value: numberAt(values, 'priority') ?? 0,
        display: String(numberAt(values, 'priority') ?? 0),
        weaker: 'higher',
        minor: true,
      },
    ];
  if (textAt(values, 'action') === 'deny')
    return [
      {
        ...base,
        topic: 'connection',
        label: `firewall denies ${name}`,
        value: 1,
        display: 'on',
        weaker: 'lower',
        minor: 'added',
      },
    ];
  const ports = listAt(match, 'layer4_configs').map((config) =>
    [textAt(config, 'ip_protocol'), ...textsAt(config, 'ports')].filter(Boolean).join(' '),
  );
  const items = (peers.length === 0 ? ['any address'] : peers).flatMap((peer) =>
    ports.map((port) => `${peer} ${port}`),
  );
  return [
    {
      ...base,
      topic: 'connection',
      label: `firewall allows ${direction} (${name})`,
      value: items.join('\n'),
      display: items.join(', '),
      items,
      weaker: 'more',
    },
  ];
}
