/** Which other values a field could have by mistake. */
import type { Operator, FieldPath } from './mutant';
import { meaningOf, type Vocabulary } from './vocabulary';

export interface Replacement {
  readonly operator: Operator;
  readonly value: unknown;
  /** Tells replacements of one field and operator apart. */
  readonly variant: string;
}

/** Weaker or other values of settings with a fixed set of values. */
const LOOSER: Readonly<Record<string, readonly string[]>> = {
  STRICT: ['PERMISSIVE', 'DISABLE'],
  REGISTRY_ONLY: ['ALLOW_ANY'],
  ISTIO_MUTUAL: ['DISABLE', 'SIMPLE'],
  SIMPLE: ['DISABLE', 'ISTIO_MUTUAL'],
  MESH_EXTERNAL: ['MESH_INTERNAL'],
  TLSV1_2: ['TLSV1_0', 'TLS_AUTO'],
  ALLOW: ['DENY', 'AUDIT'],
  Deny: ['Audit', 'Warn'],
  Fail: ['Ignore'],
  restricted: ['baseline', 'privileged'],
  enabled: ['disabled'],
  disabled: ['enabled'],
  RuntimeDefault: ['Unconfined'],
  DoNotSchedule: ['ScheduleAnyway'],
  ScheduleAnyway: ['DoNotSchedule'],
  Honor: ['Ignore'],
  HTTPS: ['HTTP'],
  HTTP2: ['HTTP'],
  HTTP: ['TCP'],
  STATIC: ['NONE'],
  DNS: ['NONE'],
  NONE: ['DNS'],
  IfNotPresent: ['Never'],
  RollingUpdate: ['Recreate'],
  AlwaysAllow: ['IfHealthyBudget'],
  Same: ['All'],
  ClusterIP: ['LoadBalancer', 'NodePort'],
  UDP: ['TCP'],
  Group: ['User'],
  User: ['Group'],
  keep: ['drop'],
  Exists: ['DoesNotExist'],
  Utilization: ['AverageValue'],
  ContainerResource: ['Resource'],
  ALL: ['NET_RAW'],
  https: ['http'],
  Ingress: ['Egress'],
  Egress: ['Ingress'],
  GET: ['TRACE'],
  POST: ['PATCH'],
  get: ['*'],
  list: ['delete'],
};

/** Long enough to tell the values of one field apart. */
const LONGEST_DETAIL = 120;

export function replacementsOf(path: FieldPath, value: unknown, vocabulary: Vocabulary): Replacement[] {
  const field = String(path.findLast((step) => typeof step === 'string') ?? '');
  const removed: Replacement = { operator: 'removed', value: undefined, variant: '' };
  if (typeof value === 'boolean') return [removed, replacement('loosened', !value)];
  if (typeof value === 'number')
    return [removed, replacement('scaled', value * 10), ...(value === 0 ? [] : [replacement('scaled', 0)])];
  if (typeof value === 'string') return [removed, ...ofText(field, value, vocabulary)];
  if (Array.isArray(value)) return [removed, ...ofList(field, value as unknown[], vocabulary)];
  return [removed, ...(Object.keys(value as object).length > 0 ? [replacement('loosened', {})] : [])];
}

function replacement(operator: Operator, value: unknown): Replacement {
  const text = JSON.stringify(value);
  return {
    operator,
    value,
    variant: text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text,
  };
}

function ofText(field: string, value: string, vocabulary: Vocabulary): Replacement[] {
  const json = asObject(value);
  if (json !== undefined) return ofJson(json, vocabulary);
  const looser = LOOSER[value];
  if (looser) return looser.map((other) => replacement('loosened', other));
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(value))
    return [replacement('scaled', timesTen(value)), replacement('scaled', '0s')];
  if (/^\d+(\.\d+)?(Ki|Mi|Gi|m|%)$/.test(value)) return [replacement('scaled', timesTen(value))];
  const other = vocabulary.other(field, value) ?? `${value}-lab`;
  return [
    ...widened(field, value).map((wider) => replacement('widened', wider)),
    replacement('redirected', other),
  ];
}

function timesTen(value: string): string {
  return value.replace(/^\d+(\.\d+)?/, (number) => String(Number(number) * 10));
}

function widened(field: string, value: string): string[] {
  switch (meaningOf(field, value)) {
    case 'principal':
      return ['*'];
    case 'scopedHost':
      return ['*/*', value.replace(/\/.*/, '/*')];
    case 'meshHost':
      return [value.replace(/^[^.]+/, '*')];
    case 'externalHost':
      return ['*'];
    case 'cidr':
      return ['0.0.0.0/0'];
    case 'path':
      return ['/*'];
    default:
      return [];
  }
}

function ofList(field: string, items: readonly unknown[], vocabulary: Vocabulary): Replacement[] {
  const last = items.at(-1);
  const more: unknown[] = [];
  if (typeof last === 'string') {
    more.push(...(field === 'methods' ? ['DELETE', 'PATCH', '*'] : [vocabulary.other(field, last), '*']));
  } else if (typeof last === 'object' && last !== null) {
    more.push({}, redirectedCopy(last, vocabulary));
  }
  return [
    ...more
      .filter((item) => item !== undefined && !items.includes(item))
      .map((item) => {
        const { variant } = replacement('widened', item);
        return { operator: 'widened' as const, value: [...items, item], variant: `+ ${variant}` };
      }),
    ...(items.length > 0 ? [replacement('loosened', [])] : []),
  ];
}

/** The object with its first text that can point elsewhere doing so. */
function redirectedCopy(item: object, vocabulary: Vocabulary): unknown {
  let done = false;
  const visit = (node: unknown, field: string): unknown => {
    if (done) return node;
    if (typeof node === 'string') {
      const other = vocabulary.other(field, node);
      if (other === undefined) return node;
      done = true;
      return other;
    }
    if (Array.isArray(node)) return node.map((inner) => visit(inner, field));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, visit(inner, key)]));
  };
  const copy = visit(item, '');
  return done ? copy : undefined;
}

/** Settings that are JSON in an annotation. */
function ofJson(settings: Readonly<Record<string, unknown>>, vocabulary: Vocabulary): Replacement[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    replacementsOf([key], value, vocabulary).map(({ operator, value: other, variant }) => {
      const { [key]: _, ...rest } = settings;
      const changed = other === undefined ? rest : { ...settings, [key]: other };
      return { operator, value: JSON.stringify(changed), variant: `${key} ${variant}`.trim() };
    }),
  );
}

function asObject(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
