/** Reads settings of a resource from a table of its fields. */
import { at, blockAt } from '../json';
import { UNKNOWN, type ResourceState } from '../resource-change';
import type { Setting, Topic } from './fact';

export interface WatchedField {
  /** `release_channel.channel`, or the steps if one contains a dot; a block that a plan lists is its first entry. */
  readonly path: string | readonly string[];
  readonly label: string;
  readonly topic: Topic;
  /**
   * Values from the weakest on. A value that is not listed is the weakest; an absent one is `none`.
   *
   * @default - the value has no order, or `weaker` states it
   */
  readonly order?: readonly string[];
  /**
   * Direction in which a number or a list protects less.
   *
   * @default - neither
   */
  readonly weaker?: 'higher' | 'lower' | 'more' | 'fewer';
  /**
   * Shows that the value changed and not the value, which is long.
   *
   * @default false
   */
  readonly isLong?: true;
}

export interface WatchedType {
  /** Name of the resource for people; `undefined` if its creation and removal are reported elsewhere or harmless. */
  readonly existence?: { readonly label: string; readonly topic: Topic; readonly isLoss?: true };
  readonly fields: readonly WatchedField[];
}

const NONE = 'none';

/**
 * @param name tells resources of the type apart
 * @param values of the plan, or the object of a manifest
 */
export function watchedFacts(
  type: WatchedType,
  base: Pick<Setting, 'subject' | 'version'>,
  name: string,
  values: unknown,
  { address }: Pick<ResourceState, 'address'>,
): Setting[] {
  const common = { kind: 'setting', ...base, source: address } as const;
  const suffix = name === base.subject ? '' : ` (${name})`;
  const { existence } = type;
  return [
    ...(existence === undefined
      ? []
      : [
          {
            ...common,
            topic: existence.topic,
            label: `${existence.label} ${name}`,
            value: 1,
            display: 'present',
            ...(existence.isLoss && { weaker: 'lower' as const }),
            minor: 'added' as const,
          },
        ]),
    ...type.fields.map((field): Setting => ({
      ...common,
      topic: field.topic,
      label: `${field.label}${suffix}`,
      minor: true,
      ...reading(field, valueAt(values, field.path)),
    })),
  ];
}

function reading(
  { order, weaker, isLong }: WatchedField,
  found: unknown,
): Pick<Setting, 'value' | 'display' | 'items' | 'weaker'> {
  const isUnknown = found === UNKNOWN;
  if ((weaker === 'more' || weaker === 'fewer') && !isUnknown) {
    const items = [...new Set(itemsOf(found))].sort();
    return { value: items.join('\n'), display: items.length === 0 ? NONE : items.join(', '), items, weaker };
  }
  if (Array.isArray(found) && order === undefined && !isLong) {
    const items = [...new Set(itemsOf(found))].sort();
    return { value: items.join('\n'), display: items.length === 0 ? NONE : items.join(', '), items };
  }
  const text = textOf(found);
  const display = isLong && text !== NONE ? 'set' : text;
  if (isUnknown) return { value: text, display };
  if (order !== undefined) return { value: order.indexOf(text), display, weaker: 'lower' };
  const number = /^-?\d+(\.\d+)?s?$/.test(text) ? Number(text.replace('s', '')) : undefined;
  return weaker === undefined || number === undefined
    ? { value: text, display }
    : { value: number, display, weaker };
}

/** The last step may be a list of values; every other list is a block. */
function valueAt(values: unknown, path: WatchedField['path']): unknown {
  const steps = stepsOf(path);
  const parent = steps.length === 1 ? values : blockAt(values, ...steps.slice(0, -1));
  return at(parent, steps.at(-1)!);
}

export function stepsOf(path: WatchedField['path']): readonly string[] {
  return typeof path === 'string' ? path.split('.') : path;
}

function itemsOf(found: unknown): string[] {
  if (Array.isArray(found)) return found.map(textOf);
  return found === undefined ? [] : [textOf(found)];
}

function textOf(found: unknown): string {
  if (found === undefined || found === null || found === '') return NONE;
  if (Array.isArray(found)) return found.length === 0 ? NONE : found.map(textOf).sort().join(', ');
  if (typeof found !== 'object') return `${found as string | number | boolean}`;
  return Object.entries(found)
    .filter(([, value]) => textOf(value) !== NONE)
    .map(([key, value]) => `${key} ${textOf(value)}`)
    .join(' ');
}
