/** Notification channels of Cloud Monitoring. */
import { at, blockAt, isObject, textAt } from '../json';
import type { ResourceState } from '../resource-change';
import type { Setting } from './fact';

const SUBJECT = 'notifications';

/** Presence, with the kind of channel as its value (`team-cart page`), recipient and state of one channel. */
export function channelFacts({ address, values }: ResourceState): Setting[] {
  const [kind = ''] = (textAt(values, 'display_name') ?? address).split(': ');
  // The display name holds the recipient, which changes in place.
  const name = address.slice(address.indexOf('.') + 1);
  const base = { kind: 'setting', topic: 'notification', subject: SUBJECT, source: address } as const;
  const labels = blockAt(values, 'labels');
  const recipient = Object.values(isObject(labels) ? labels : {})
    .map(String)
    .join(', ');
  const isOff = at(values, 'enabled') === false;
  return [
    { ...base, label: `channel ${name}`, weaker: 'lower', value: kind, display: 'present' },
    { ...base, label: `recipient of ${name}`, value: recipient, display: recipient, minor: true },
    {
      ...base,
      label: `state of ${name}`,
      weaker: 'lower',
      value: isOff ? 0 : 1,
      display: isOff ? 'off' : 'on',
      minor: true,
    },
  ];
}
