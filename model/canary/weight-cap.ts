/**
 * How far a release of a canary may go: a ConfigMap that the guard creates when an incident opens, that nobody
 * ever edits, and that a reviewed change makes void. Every plan and the admission policy take the same fields.
 *
 * All of them live in one namespace that holds nothing else. The admission policy reads its parameters there for
 * every route, so a route in another namespace cannot send traffic past a ceiling; and the guard may create
 * ConfigMaps in a place where nothing else is kept.
 */
import { z } from 'zod';
import { LABEL_PREFIX, ROLLBACK_CONTROLLER } from '../naming';
import { incidentId } from '../schema/primitives';
import type { Service, Version } from '../service';

export const WEIGHT_CAP_NAMESPACE = ROLLBACK_CONTROLLER;

/** The same in every environment: `kubectl get configmaps -n canary-rollback -l retail-mesh/service=checkout`. */
export const WEIGHT_CAP_LABELS = {
  weightCap: `${LABEL_PREFIX}/weight-cap`,
  /** Of another ConfigMap beside the ceiling: the pipeline was told. */
  receipt: `${LABEL_PREFIX}/weight-cap-receipt`,
  service: `${LABEL_PREFIX}/service`,
  /** End of the release, as far as a label may hold it: the guard asks for no more records than it needs. */
  release: `${LABEL_PREFIX}/canary-release`,
} as const;
export const WEIGHT_CAP_SELECTOR = `${WEIGHT_CAP_LABELS.weightCap}=true`;

/** `rollback` takes all traffic from the canary, `pause` keeps it at the weight at which the incident found it. */
export const WEIGHT_CAP_ACTIONS = ['rollback', 'pause'] as const;
export type WeightCapAction = (typeof WEIGHT_CAP_ACTIONS)[number];

export interface WeightCap {
  readonly service: string;
  /** Fully qualified host of the canary version. */
  readonly host: string;
  /** What runs under that host, as {@link releaseOf} tells it. Another release is free. */
  readonly release: string;
  /** Share of requests that the host may get: 0 after a rollback. */
  readonly maximumWeightPercent: number;
  readonly action: WeightCapAction;
  /** Id of the incident in Cloud Monitoring; once acknowledged, the ceiling holds no longer. */
  readonly incident: string;
  /** When the guard wrote it, RFC 3339 in UTC. */
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

/** ConfigMap as the API server takes it. */
export interface WeightCapObject {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: {
    readonly name: string;
    readonly namespace: typeof WEIGHT_CAP_NAMESPACE;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** The API server itself then refuses other data. */
  readonly immutable: true;
  readonly data: Readonly<Record<string, string>>;
}

export const WEIGHT_CAP_PREFIX = 'weight-cap.';

/** Of the ConfigMap beside a weight cap that says that the pipeline was notified. */
export const RECEIPT_PREFIX = 'cap-receipt.';

/** A whole digest. With the longest service and incident the name then just fits into what Kubernetes allows. */
export const RELEASE_CHARACTERS = 'sha256-'.length + 64;

/**
 * One name for an incident and a release: delivered twice, the second creation is refused with 409, which says that
 * the ceiling is there. Another incident, such as the next one after an acknowledgement, has another name; so has
 * another release, which an apply may bring while the incident is open. Tags that differ by case or punctuation
 * alone share a name; digests never do.
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

/** Of a digest its last 63 digits: two releases with the same are told apart by the data of the record. */
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
 * @throws Error naming the object and the field, if it is no ceiling; the admission policy lets none such in
 */
export function parseWeightCap(object: unknown): WeightCap {
  const { success, data: parsed, error } = configMap.safeParse(object);
  if (success) return parsed.data;
  const { name } = z
    .object({ name: z.string().catch('?') })
    .catch({ name: '?' })
    .parse((object as { metadata?: unknown } | null)?.metadata);
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(`ConfigMap '${name}' is no ceiling: look at ${fields}; clear it as docs/runbooks say`);
}

/** Identity of what runs: the digest of the image, or the whole reference where tags are allowed. */
export function releaseOf({ image }: Pick<Version, 'image'>): string {
  return image.split('@')[1] ?? image;
}

/** The version that takes a share of the service's requests besides the stable one, if one runs. */
export function canaryVersion(service: Pick<Service, 'versions'>): Version | undefined {
  return service.versions[1];
}

/** What a ceiling must match to hold. */
export interface CappedRelease {
  readonly host: string;
  readonly release: string;
  readonly acknowledgedIncidents: readonly string[];
}

/** The ceilings that hold for the release, the lowest first. */
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

/** Share that the canary gets: what is committed, but never more than a ceiling that holds. */
export function cappedWeightPercent(committedPercent: number, holding: readonly WeightCap[]): number {
  return Math.min(committedPercent, ...holding.map(({ maximumWeightPercent }) => maximumWeightPercent));
}
