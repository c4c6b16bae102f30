/** What tells a split from other routes, and how its weights stand in a plan. */
import type { Environment } from '../environment';
import { LABEL_PREFIX } from '../naming';
import type { Service } from '../service';
import { canaryVersion, releaseOf } from './weight-cap';

/** Label of every route that carries a split; its value is the service. */
export const SPLIT_LABEL = `${LABEL_PREFIX}/split`;

/** What the admission policies and the guard must know of a split, on each of its routes. */
export const SPLIT_ANNOTATIONS = {
  /** Host of the canary version. */
  host: `${LABEL_PREFIX}/canary-host`,
  /** What runs there. A ceiling of another release does not hold. */
  release: `${LABEL_PREFIX}/canary-release`,
  /** When the release began, in seconds since 1970: the guard ignores incidents from before. */
  startedSeconds: `${LABEL_PREFIX}/canary-started-seconds`,
  /** Incidents whose ceilings no longer hold, separated by spaces. */
  acknowledged: `${LABEL_PREFIX}/acknowledged-incidents`,
} as const;

export interface RouteMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Labels and annotations of the service's routes; none while only the stable version runs. */
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
 * The canary's weight as Terraform computes it at plan: what is committed, but no more than a ceiling of this
 * release allows whose incident is not acknowledged.
 *
 * @param ceilings expression for the list of ceilings in the cluster
 */
export function weightExpression(
  service: Service,
  { acknowledgedIncidents }: Pick<Environment, 'acknowledgedIncidents'>,
  weightCaps: string,
): string | undefined {
  const canary = canaryVersion(service);
  if (canary === undefined) return undefined;
  const holds = [
    `c.data.host == ${quoted(canary.host)}`,
    `c.data.release == ${quoted(releaseOf(canary))}`,
    ...(acknowledgedIncidents.length > 0
      ? [`!contains([${[...acknowledgedIncidents].sort().map(quoted).join(', ')}], c.data.incident)`]
      : []),
  ].join(' && ');
  return `\${min(${canary.weightPercent}, [for c in ${weightCaps} : tonumber(c.data.maximumWeightPercent) if ${holds}]...)}`;
}

/** Schemas leave no quote, backslash or `${` in what stands here. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The canary's and the stable version's weight, by the name of the local value that has the former. */
export function weightReferences(local: string): { readonly canary: string; readonly stable: string } {
  return { canary: `\${local.${local}}`, stable: `\${100 - local.${local}}` };
}

const REFERENCE = /^\$\{(100 - )?local\.([\w-]+)\}$/;
const EXPRESSION = /^\$\{min\((\d+), \[for c in /;

/**
 * The object with the committed weights as plain numbers, for all who read synthesized JSON without Terraform.
 *
 * @param locals `locals` of the same stack
 */
export function withCommittedWeights(
  object: unknown,
  locals: Readonly<Record<string, unknown>> = {},
): unknown {
  if (typeof object === 'string') return committedWeight(object, locals) ?? object;
  if (Array.isArray(object)) return object.map((item) => withCommittedWeights(item, locals));
  if (typeof object !== 'object' || object === null) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, withCommittedWeights(value, locals)]),
  );
}

function committedWeight(text: string, locals: Readonly<Record<string, unknown>>): number | undefined {
  const [, rest, name = ''] = REFERENCE.exec(text) ?? [];
  const local = locals[name];
  const [, committed] = typeof local === 'string' ? (EXPRESSION.exec(local) ?? []) : [];
  if (committed === undefined) return undefined;
  return rest === undefined ? Number(committed) : 100 - Number(committed);
}
