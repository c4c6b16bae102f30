/** Promises and the alerts that guard them, read off Cloud Monitoring's resources. */
import { at, blockAt, durationMs, isObject, listAt, numberAt, textAt } from '../json';
import type { Resource } from '../resource-change';
import { shownMs, type Setting } from './fact';

export function objectiveFacts({ address, values }: Resource): Setting[] {
  const slo = textAt(values, 'slo_id') ?? '';
  const base = {
    ...({ kind: 'setting', topic: 'objective' } as const),
    ...{ subject: serviceOf(values), source: address },
  };
  const goal = numberAt(values, 'goal');
  const days = numberAt(values, 'rolling_period_days');
  const thresholdMs = longestThresholdMs(values);
  const percent = goal === undefined ? undefined : Number((goal * 100).toPrecision(6));
  return [
    ...(percent === undefined
      ? []
      : [
          {
            ...base,
            ...({ label: `${slo} objective`, weaker: 'lower' } as const),
            ...{ value: percent, shown: `${percent} %` },
          },
        ]),
    ...(thresholdMs === undefined
      ? []
      : [
          {
            ...base,
            ...({ label: `${slo} threshold`, weaker: 'higher' } as const),
            ...{ value: thresholdMs, shown: shownMs(thresholdMs) },
          },
        ]),
    ...(days === undefined
      ? []
      : [{ ...base, label: `${slo} period`, value: days, shown: `${days} days`, minor: true as const }]),
  ];
}

export function alertFacts({ address, values }: Resource): Setting[] {
  const name = textAt(values, 'display_name') ?? address;
  const labels = at(values, 'user_labels');
  const subject = textAt(labels, 'service');
  if (subject === undefined) return [];
  const isOn = at(values, 'enabled') !== false;
  const channels = listAt(values, 'notification_channels').length;
  const base = { kind: 'setting', topic: 'alert', subject, source: address, weaker: 'lower' } as const;
  return [
    { ...base, label: `alert '${name}'`, value: isOn ? 1 : 0, shown: isOn ? 'on' : 'off' },
    { ...base, label: `channels of '${name}'`, value: channels, shown: String(channels), minor: true },
  ];
}

/** In a synthesized file the service is an expression, and the name of what it refers to tells it. */
function serviceOf(values: unknown): string {
  const service = textAt(values, 'service') ?? '';
  const [, name] = /\.(\w+?)(?:_slo)?_service\.service_id\}$/.exec(service) ?? [];
  return name?.replaceAll('_', '-') ?? service;
}

/** Wherever the objective keeps it: a basic SLI, or a distribution's upper bound. */
function longestThresholdMs(values: unknown): number | undefined {
  const basic = durationMs(textAt(blockAt(values, 'basic_sli', 'latency'), 'threshold'));
  const range = blockAt(values, 'request_based_sli', 'distribution_cut', 'range');
  return basic ?? (isObject(range) ? numberAt(range, 'max') : undefined);
}
