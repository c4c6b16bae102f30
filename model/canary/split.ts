/** Labels and annotations of the routes of a split, and its weights in a plan. */
import type { Environment } from '../environment';
import { LABEL_PREFIX } from '../naming';
import type { Service, Version } from '../service';
import { canaryVersion, releaseOf, WEIGHT_CAP_FIELDS } from './weight-cap';

/** Label of every route with a split; its value is the name of the service. */
export const SPLIT_LABEL = `${LABEL_PREFIX}/split`;

/** What the admission policies and the rollback controller read from each route of a split. */
export const SPLIT_ANNOTATIONS = {
  /** Host of the canary version. */
  host: `${LABEL_PREFIX}/canary-host`,
  /** Release at that host. A weight cap of another release does not hold. */
  release: `${LABEL_PREFIX}/canary-release`,
  /** Start of the release, in seconds since 1970. The rollback controller ignores older incidents. */
  startedSeconds: `${LABEL_PREFIX}/canary-started-seconds`,
  /** Incidents whose weight caps no longer hold, separated by spaces. */
  acknowledged: `${LABEL_PREFIX}/acknowledged-incidents`,
} as const;

export interface RouteMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** For the service's routes; empty while only the stable version runs. */
export function splitMetadata(
  service: Service,
  { acknowledgedIncidents }: Pick<Environment, 'acknowledgedIncidents'>,
): RouteMetadata {
  const canary = canaryVersion(service);
  if (canary === undefined) return {};
  return {
    labels: { [SPLIT_LABEL]: service.name },
    annotations: {
      [SPLIT_ANNOTATIONS.host]: canary.host,
      [SPLIT_ANNOTATIONS.release]: releaseOf(canary),
      ...(service.canaryRelease.startedAtSeconds > 0 && {
        [SPLIT_ANNOTATIONS.startedSeconds]: String(service.canaryRelease.startedAtSeconds),
      }),
      ...(acknowledgedIncidents.length > 0 && {
        [SPLIT_ANNOTATIONS.acknowledged]: [...acknowledgedIncidents].sort().join(' '),
      }),
    },
  };
}

/** Namespaces with a service that may have a canary, sorted. */
export function canaryNamespaces({ services }: Pick<Environment, 'services'>): string[] {
  return [
    ...new Set(services.flatMap(({ canaryPolicy, namespace }) => (canaryPolicy ? namespace : []))),
  ].sort();
}

/**
 * The canary's weight as Terraform computes it at plan: the committed weight, or the lowest weight cap that holds
 * for this release if that is lower.
 *
 * @param committedLocal name of the local value with the committed weight
 * @param weightCaps expression for the list of weight caps in the cluster
 */
export function weightExpression(
  canary: Version,
  { acknowledgedIncidents }: Pick<Environment, 'acknowledgedIncidents'>,
  committedLocal: string,
  weightCaps: string,
): string {
  const holds = [
    `c.data.${WEIGHT_CAP_FIELDS.host} == ${quoted(canary.host)}`,
    `c.data.${WEIGHT_CAP_FIELDS.release} == ${quoted(releaseOf(canary))}`,
    ...(acknowledgedIncidents.length > 0
      ? [
          `!contains([${[...acknowledgedIncidents].sort().map(quoted).join(', ')}], c.data.${WEIGHT_CAP_FIELDS.incident})`,
        ]
      : []),
  ].join(' && ');
  return `\${min(local.${committedLocal}, [for c in ${weightCaps} : tonumber(c.data.${WEIGHT_CAP_FIELDS.maximumWeightPercent}) if ${holds}]...)}`;
}

/** The schemas allow no quote, backslash or `${` in these values. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const COMMITTED_SUFFIX = '_committed';

/** Name of the local value that holds the committed weight as a number, beside the one with the expression. */
export function committedLocalOf(weightLocal: string): string {
  return `${weightLocal}${COMMITTED_SUFFIX}`;
}

/** References to the canary's and the stable version's weight, by name of the local value with the expression. */
export function weightReferences(weightLocal: string): { readonly canary: string; readonly stable: string } {
  return { canary: `\${local.${weightLocal}}`, stable: `\${100 - local.${weightLocal}}` };
}

/**
 * The object with every reference to a weight replaced by the committed number, for readers of synthesized JSON
 * that do not run Terraform.
 *
 * @param locals `locals` of the same stack
 */
export function withCommittedWeights(
  object: unknown,
  locals: Readonly<Record<string, unknown>> = {},
): unknown {
  const weights = new Map(
    Object.entries(locals).flatMap(([name, committed]): [string, number][] => {
      if (!name.endsWith(COMMITTED_SUFFIX) || typeof committed !== 'number') return [];
      const { canary, stable } = weightReferences(name.slice(0, -COMMITTED_SUFFIX.length));
      return [
        [canary, committed],
        [stable, 100 - committed],
      ];
    }),
  );
  return weights.size === 0 ? object : withValues(object, weights);
}

function withValues(object: unknown, values: ReadonlyMap<string, number>): unknown {
  if (typeof object === 'string') return values.get(object) ?? object;
  if (Array.isArray(object)) return object.map((item) => withValues(item, values));
  if (typeof object !== 'object' || object === null) return object;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, withValues(value, values)]));
}
