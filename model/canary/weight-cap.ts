/**
 * A weight cap limits the weight of one release of a canary. It is an immutable ConfigMap that the rollback controller
 * creates when an incident opens, and that a reviewed change of the release clears. Every plan and the admission policy
 * read it.
 *
 * All weight caps live in a namespace of their own. The admission policy reads its parameters there for every route, so
 * a route in another namespace cannot bypass a weight cap, and the rollback controller can create ConfigMaps nowhere
 * else.
 */
import { z } from 'zod';
import { LABEL_PREFIX, ROLLBACK_CONTROLLER } from '../naming';
import { incidentId } from '../schema/primitives';
import type { Service, Version } from '../service';

export const WEIGHT_CAP_NAMESPACE = ROLLBACK_CONTROLLER;

/** The same in every environment: `kubectl get configmaps -n canary-rollback -l retail-mesh/service=checkout`. */
export const WEIGHT_CAP_LABELS = {
  weightCap: `${LABEL_PREFIX}/weight-cap`,
  /** Of the receipt, another ConfigMap: the pipeline was notified of the weight cap. */
  receipt: `${LABEL_PREFIX}/weight-cap-receipt`,
  service: `${LABEL_PREFIX}/service`,
  /** End of the release, as much as a label holds: the rollback controller lists only the records that it needs. */
  release: `${LABEL_PREFIX}/canary-release`,
} as const;
export const WEIGHT_CAP_SELECTOR = `${WEIGHT_CAP_LABELS.weightCap}=true`;

/** `rollback` takes all traffic from the canary, `pause` keeps the weight that it has when the incident opens. */
export const WEIGHT_CAP_ACTIONS = ['rollback', 'pause'] as const;
export type WeightCapAction = (typeof WEIGHT_CAP_ACTIONS)[number];

export interface WeightCap {
  readonly service: string;
  /** Fully qualified host of the canary version. */
  readonly host: string;
  /** As returned by {@link releaseOf}. The weight cap does not apply to other releases. */
  readonly release: string;
  /** Maximum share of requests for the host: 0 after a rollback. */
  readonly maximumWeightPercent: number;
  readonly action: WeightCapAction;
  /** Id of the incident in Cloud Monitoring. Once it is acknowledged, the weight cap has no effect. */
  readonly incident: string;
  /** Time of creation, RFC 3339 in UTC. */
  readonly time: string;
}

/** Keys of the ConfigMap's data. */
export const WEIGHT_CAP_FIELDS: { readonly [Field in keyof WeightCap]: Field } = {
  service: 'service',
  host: 'host',
  release: 'release',
  maximumWeightPercent: 'maximumWeightPercent',
  action: 'action',
  incident: 'incident',
  time: 'time',
};

const wholePercent = z
  .string()
  .regex(/^(100|[1-9]?\d)$/)
  .transform(Number);

const configMap = z.object({
  data: z.object({
    service: z.string().min(1),
    host: z.string().min(1),
    release: z.string().min(1),
    maximumWeightPercent: wholePercent,
    action: z.enum(WEIGHT_CAP_ACTIONS),
    incident: incidentId,
    time: z.string().min(1),
  }),
});

/** In the form of the Kubernetes API. */
export interface WeightCapObject {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: {
    readonly name: string;
    readonly namespace: typeof WEIGHT_CAP_NAMESPACE;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** Makes the API server refuse changes of the data. */
  readonly immutable: true;
  readonly data: Readonly<Record<string, string>>;
}

export const WEIGHT_CAP_PREFIX = 'weight-cap.';

/** Prefix of the ConfigMap that records that the pipeline was notified of a weight cap. */
export const RECEIPT_PREFIX = 'cap-receipt.';

/** A whole digest. With the longest service and incident, the name just fits the limit of Kubernetes. */
export const RELEASE_CHARACTERS = 'sha256-'.length + 64;

/**
 * The name follows from incident and release: if a notification is delivered twice, the second creation fails with 409.
 * Another incident, such as the next one after an acknowledgement, has another name. So has another release, which an
 * apply may bring while the incident is open. Tags that differ only by case or punctuation share a name; digests never
 * do.
 */
export function weightCapName({
  service,
  release,
  incident,
}: Pick<WeightCap, 'service' | 'release' | 'incident'>): string {
  return `${WEIGHT_CAP_PREFIX}${service}.r${plainText(release).slice(-RELEASE_CHARACTERS)}-${plainText(incident)}`;
}

/** Longest value of a label. */
export const LABEL_CHARACTERS = 63;

/** The last 63 digits of a digest. If two releases share them, the data of the weight cap distinguishes them. */
export function releaseLabel(release: string): string {
  return plainText(release)
    .slice(-LABEL_CHARACTERS)
    .replace(/^-+|-+$/g, '');
}

function plainText(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

export function renderWeightCap(weightCap: WeightCap): WeightCapObject {
  const { maximumWeightPercent, ...data } = weightCap;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: weightCapName(weightCap),
      namespace: WEIGHT_CAP_NAMESPACE,
      labels: {
        [WEIGHT_CAP_LABELS.weightCap]: 'true',
        [WEIGHT_CAP_LABELS.service]: weightCap.service,
        [WEIGHT_CAP_LABELS.release]: releaseLabel(weightCap.release),
      },
    },
    immutable: true,
    data: { ...data, maximumWeightPercent: String(maximumWeightPercent) },
  };
}

/**
 * Reads one ConfigMap, such as an item of `kubectl get configmaps -o json`.
 *
 * @throws Error with the name of the object and the field, if it is not a valid weight cap; the admission policy refuses such
 */
export function parseWeightCap(object: unknown): WeightCap {
  const { success, data: parsed, error } = configMap.safeParse(object);
  if (success) return parsed.data;
  const { name } = z
    .object({ name: z.string().catch('?') })
    .catch({ name: '?' })
    .parse((object as { metadata?: unknown } | null)?.metadata);
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(
    `ConfigMap '${name}' is not a valid weight cap because of ${fields}; a platform administrator can delete it (docs/runbooks/clear-a-weight-cap.md)`,
  );
}

/** The digest of the image, or the whole reference if it has none. */
export function releaseOf({ image }: Pick<Version, 'image'>): string {
  return image.split('@')[1] ?? image;
}

/** The version besides the stable one that takes a share of the requests; `undefined` if no canary runs. */
export function canaryVersion(service: Pick<Service, 'versions'>): Version | undefined {
  return service.versions[1];
}

/** What a weight cap must match to have an effect. */
export interface CappedRelease {
  readonly host: string;
  readonly release: string;
  readonly acknowledgedIncidents: readonly string[];
}

/** The weight caps that apply to the release, the lowest first. */
export function effectiveWeightCaps(weightCaps: readonly WeightCap[], canary: CappedRelease): WeightCap[] {
  return weightCaps
    .filter(
      ({ host, release, incident }) =>
        host === canary.host &&
        release === canary.release &&
        !canary.acknowledgedIncidents.includes(incident),
    )
    .sort((a, b) => a.maximumWeightPercent - b.maximumWeightPercent);
}

/** The committed weight, limited by the effective weight caps. */
export function cappedWeightPercent(committedPercent: number, effective: readonly WeightCap[]): number {
  return Math.min(committedPercent, ...effective.map(({ maximumWeightPercent }) => maximumWeightPercent));
}
