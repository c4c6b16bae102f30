/** Rules of the load balancer's Cloud Armor policy, one by one. */
import { at, blockAt, listAt, numberAt, textAt } from '../json';
import type { ResourceState } from '../resource-change';
import type { Setting } from './fact';

/** From the weakest on; a rule that is gone is weaker still. */
const ENFORCEMENTS = ['only logged', 'enforced'] as const;
/** Higher sensitivities block more requests. */
const SENSITIVITY = /'sensitivity': *(\d)/;

export function cloudArmorFacts({ address, values }: ResourceState): Setting[] {
  const base = { kind: 'setting', subject: 'network', source: address } as const;
  return listAt(values, 'rule').flatMap((rule): Setting[] => {
    const name = textAt(rule, 'description') ?? `priority ${numberAt(rule, 'priority') ?? ''}`;
    const label = `Cloud Armor rule '${name}'`;
    const enforcement = ENFORCEMENTS[at(rule, 'preview') === true ? 0 : 1];
    const matched = matchOf(rule);
    const sensitivity = Number(SENSITIVITY.exec(matched)?.[1] ?? 0);
    return [
      {
        ...base,
        topic: 'protection',
        label,
        value: ENFORCEMENTS.indexOf(enforcement),
        display: enforcement,
        weaker: 'lower',
        minor: 'added',
      },
      // Any other match or action protects from something else.
      ...sets(base, `${label}, match`, [
        `${textAt(rule, 'action') ?? ''} ${matched.replace(SENSITIVITY, '')}`,
      ]),
      ...(sensitivity === 0
        ? []
        : [number(base, 'protection', `${label}, sensitivity`, sensitivity, 'lower')]),
      ...rateLimits(base, label, rule),
    ];
  });
}

type Base = Pick<Setting, 'kind' | 'subject' | 'source'>;

function rateLimits(base: Base, label: string, rule: unknown): Setting[] {
  const threshold = blockAt(rule, 'rate_limit_options', 'rate_limit_threshold');
  const count = numberAt(threshold, 'count');
  const seconds = numberAt(threshold, 'interval_sec');
  return count === undefined || seconds === undefined
    ? []
    : [number(base, 'rate-limit', `${label}, requests in ${seconds} s`, count, 'higher')];
}

function matchOf(rule: unknown): string {
  const expression = textAt(blockAt(rule, 'match', 'expr'), 'expression');
  const ranges = listAt(blockAt(rule, 'match', 'config'), 'src_ip_ranges');
  return expression ?? ranges.map(String).sort().join(', ');
}

function sets(base: Base, label: string, items: readonly string[]): Setting[] {
  const value = items.join('\n');
  return [
    { ...base, topic: 'protection', label, value, display: value, items, weaker: 'fewer', minor: true },
  ];
}

function number(
  base: Base,
  topic: Setting['topic'],
  label: string,
  value: number,
  weaker: 'higher' | 'lower',
): Setting {
  return { ...base, topic, label, value, display: String(value), weaker, minor: true };
}
