/** Labels and annotations of the routes of a split, and its weights in a plan. */
import type { Environment } from '../environment';
import { INGRESS_GATEWAY, LABEL_PREFIX } from '../naming';
import type { Service, Version } from '../service';
import { canaryVersion, releaseOf, WEIGHT_CAP_FIELDS } from './weight-cap';

/** Label of every VirtualService with a split. Its value is `true`. */
export const SPLIT_LABEL = `${LABEL_PREFIX}/split`;

/** The label that selects the VirtualServices of one service: its own and those of its public hosts. */
export function splitLabelOf(service: string): string {
  return `split.${LABEL_PREFIX}/${service}`;
}

/**
 * What the admission policies and the rollback controller read from each VirtualService with a split. The name of the
 * service follows, because a public host may split the requests of several services.
 */
export const SPLIT_ANNOTATIONS = {
  /** Host of the canary version. */
  host: `canary-host.${LABEL_PREFIX}/`,
  /** Release at that host. A weight cap of another release does not hold. */
  release: `canary-release.${LABEL_PREFIX}/`,
  /** Start of the release, in seconds since 1970. The rollback controller ignores older incidents. */
  startedSeconds: `canary-started-seconds.${LABEL_PREFIX}/`,
} as const;

/** Annotation with the incidents whose weight caps no longer hold, separated by spaces. */
export const ACKNOWLEDGED_ANNOTATION = `${LABEL_PREFIX}/acknowledged-incidents`;

export interface RouteMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** For a VirtualService with routes of these services; empty while only stable versions run. */
export function splitMetadata(
  services: readonly Service[],
  { acknowledgedIncidents }: Pick<Environment, 'acknowledgedIncidents'>,
): RouteMetadata {
  const splits = services.flatMap((service) => {
    const canary = canaryVersion(service);
    return canary === undefined ? [] : [{ service, canary }];
  });
  if (splits.length === 0) return {};
  const annotations = splits.flatMap(({ service, canary }): [string, string][] => [
    [SPLIT_ANNOTATIONS.host + service.name, canary.host],
    [SPLIT_ANNOTATIONS.release + service.name, releaseOf(canary)],
    ...(service.canaryRelease.startedAtSeconds > 0
      ? [
          [
            SPLIT_ANNOTATIONS.startedSeconds + service.name,
            String(service.canaryRelease.startedAtSeconds),
          ] as [string, string],
        ]
      : []),
  ]);
  return {
    labels: {
      [SPLIT_LABEL]: 'true',
      ...Object.fromEntries(splits.map(({ service }) => [splitLabelOf(service.name), 'true'])),
    },
    annotations: {
      ...Object.fromEntries(annotations),
      ...(acknowledgedIncidents.length > 0 && {
        [ACKNOWLEDGED_ANNOTATION]: [...acknowledgedIncidents].sort().join(' '),
      }),
    },
  };
}

/** A canary as a VirtualService describes it. */
export interface RoutedCanary {
  readonly service: string;
  readonly host: string;
  readonly release: string;
  readonly acknowledgedIncidents: readonly string[];
}

/** The canaries that {@link splitMetadata} has written; entries that lack host or release are left out. */
export function routedCanaries({ annotations = {} }: RouteMetadata): RoutedCanary[] {
  const acknowledgedIncidents = annotations[ACKNOWLEDGED_ANNOTATION]?.split(' ') ?? [];
  return Object.entries(annotations).flatMap(([name, host]) => {
    if (!name.startsWith(SPLIT_ANNOTATIONS.host)) return [];
    const service = name.slice(SPLIT_ANNOTATIONS.host.length);
    const release = annotations[SPLIT_ANNOTATIONS.release + service];
    return release === undefined ? [] : [{ service, host, release, acknowledgedIncidents }];
  });
}

/**
 * Namespaces whose VirtualServices may split requests: first that of the public hosts, where the requests of customers
 * arrive, then those of the services that may have a canary, sorted. Empty if no service may have one.
 */
export function canaryNamespaces({ services }: Pick<Environment, 'services'>): string[] {
  const namespaces = new Set(
    services.flatMap(({ canaryPolicy, namespace }) => (canaryPolicy ? namespace : [])),
  );
  return namespaces.size === 0 ? [] : [INGRESS_GATEWAY.namespace, ...[...namespaces].sort()];
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
