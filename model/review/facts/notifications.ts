/** Notification channels of Cloud Monitoring. */
import { at, blockAt, isObject, textAt } from '../json';
import type { ResourceState } from '../resource-change';
import type { Setting } from './fact';

const SUBJECT = 'notifications';

/** One fact for each recipient; its value is the kind of channel, `page` or `ticket`. */
export function channelFacts({ address, values }: ResourceState): Setting[] {
  const name = textAt(values, 'display_name') ?? address;
  const base = { kind: 'setting', topic: 'notification', subject: SUBJECT, source: address } as const;
  const labels = blockAt(values, 'labels');
  const recipient = Object.values(isObject(labels) ? labels : {})
    .map(String)
    .join(', ');
  const isOff = at(values, 'enabled') === false;
  return [
    { ...base, label: `channel '${name}'`, weaker: 'lower', value: 1, display: 'present' },
    { ...base, label: `recipient of '${name}'`, value: recipient, display: recipient, minor: true },
    {
      ...base,
      label: `state of '${name}'`,
      weaker: 'lower',
      value: isOff ? 0 : 1,
      display: isOff ? 'off' : 'on',
      minor: true,
    },
  ];
}
