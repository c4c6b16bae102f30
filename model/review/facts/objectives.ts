/** SLOs and their alerts, from Cloud Monitoring resources. */
import { ROLLBACK_ALERT_LABELS } from '../../canary/rollback-workflow';
import { at, blockAt, durationMs, isObject, listAt, numberAt, textAt } from '../json';
import type { ResourceState } from '../resource-change';
import { displayMs, type Setting } from './fact';

export function objectiveFacts({ address, values }: ResourceState): Setting[] {
  const slo = textAt(values, 'slo_id') ?? '';
  const base = { kind: 'setting', topic: 'objective', subject: serviceOf(values), source: address } as const;
  const facts: Setting[] = [];
  const goal = numberAt(values, 'goal');
  if (goal !== undefined) {
    const percent = Number((goal * 100).toPrecision(6));
    const label = `${slo} SLO target`;
    facts.push({ ...base, label, weaker: 'lower', value: percent, display: `${percent} %` });
  }
  const thresholdMs = latencyThresholdMs(values);
  if (thresholdMs !== undefined) {
    const label = `${slo} threshold`;
    facts.push({ ...base, label, weaker: 'higher', value: thresholdMs, display: displayMs(thresholdMs) });
  }
  const days = numberAt(values, 'rolling_period_days');
  if (days !== undefined)
    facts.push({ ...base, label: `${slo} SLO period`, value: days, display: `${days} days`, minor: true });
  return facts;
}

export function alertFacts({ address, values }: ResourceState): Setting[] {
  const name = textAt(values, 'display_name') ?? address;
  const labels = at(values, 'user_labels');
  const subject = textAt(labels, 'service') ?? textAt(labels, 'signal') ?? 'alerts';
  const isOn = at(values, 'enabled') !== false;
  const channels = listAt(values, 'notification_channels').length;
  const action = textAt(labels, ROLLBACK_ALERT_LABELS.action);
  const version = action === undefined ? undefined : / (v[1-9]\d*) /.exec(name)?.[1];
  const base = {
    kind: 'setting',
    topic: 'alert',
    subject,
    source: address,
    ...(version !== undefined && { version }),
    // At 100 % there is nothing to pause for: every detector rolls back.
    ...(action !== 'pause' && { weaker: 'lower' as const }),
  } as const;
  return [
    { ...base, label: `alert '${name}'`, value: isOn ? 1 : 0, display: isOn ? 'on' : 'off' },
    {
      ...base,
      label: `notification channels of '${name}'`,
      value: channels,
      display: String(channels),
      minor: true,
    },
  ];
}

/** A synthesized file refers to the service by an expression, which holds the name of the resource. */
function serviceOf(values: unknown): string {
  const service = textAt(values, 'service') ?? '';
  const [, name] = /\.(\w+?)(?:_slo)?_service\.service_id\}$/.exec(service) ?? [];
  return name?.replaceAll('_', '-') ?? service;
}

/** From a basic SLI, or the upper bound of a distribution. */
function latencyThresholdMs(values: unknown): number | undefined {
  const basic = durationMs(textAt(blockAt(values, 'basic_sli', 'latency'), 'threshold'));
  const range = blockAt(values, 'request_based_sli', 'distribution_cut', 'range');
  return basic ?? (isObject(range) ? numberAt(range, 'max') : undefined);
}
