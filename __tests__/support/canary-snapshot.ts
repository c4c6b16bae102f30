/** Snapshots of a canary of checkout in prod, without files. */
import type { Counts, Evidence } from '../../model/canary/evidence';
import { parseRollout, type Rollout } from '../../model/canary/rollout';
import { stageOf } from '../../model/canary/stage';
import { readRelease, type Snapshot } from '../../tools/canary-release/snapshot';
import { REFERENCE_SHOP } from './catalogues';

export const NEW = `europe-west1-docker.pkg.dev/shop-prod-example/shop/checkout@sha256:${'c'.repeat(64)}`;
export const OLD =
  'europe-west1-docker.pkg.dev/shop-prod-example/shop/checkout@sha256:88682e37827407005e99a77dabcbdbbac0390b241ef9ed9516bc48c4d6583bb5';
export const BEGIN = '2026-02-01T08:00:00Z';

export interface Requests {
  readonly all?: number;
  readonly failed?: number;
  readonly stableFailed?: number;
}

/** @param all requests to the canary, which receives this weight */
export function countsAt(
  weightPercent: number,
  { all = 4_000, failed = 0, stableFailed = 0 }: Requests = {},
): Counts {
  const stableAll = Math.round((all * (100 - weightPercent)) / (weightPercent || 1));
  const canaryAll = weightPercent === 0 ? 0 : all;
  return {
    availability: {
      canary: { all: canaryAll, failed: weightPercent === 0 ? 0 : failed },
      stable: { all: stableAll, failed: stableFailed },
    },
    latency: { canary: { all: canaryAll, failed: 0 }, stable: { all: stableAll, failed: 0 } },
  };
}

export function evidenceAt(weightPercent: number, requests: Requests = {}): Evidence {
  const { failed = 5, stableFailed = weightPercent === 100 ? 0 : 4 } = requests;
  return {
    step: countsAt(weightPercent, { ...requests, failed, stableFailed }),
    recent: countsAt(weightPercent, { all: 600 }),
  };
}

/** @param status changes to that of a complete rollout */
export function deployment(
  version: string,
  image: string,
  status: Record<string, number> = {},
  replicas = 3,
) {
  return {
    metadata: { name: `checkout-${version}`, namespace: 'purchasing', generation: 3 },
    spec: { replicas, template: { spec: { containers: [{ name: 'app', image }] } } },
    status: { observedGeneration: 3, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...status },
  };
}

export function rollouts(...deployments: readonly unknown[]): Rollout[] {
  return deployments.map((one) => parseRollout(one)!);
}

export interface CanaryState {
  /** Without it, no canary runs. */
  readonly weightPercent?: number;
  readonly v1?: string;
  readonly rolledBackAt?: string;
  readonly pausedBecause?: string;
  /** Since the beginning of release and step. */
  readonly minutes?: number;
}

const prod = readRelease(REFERENCE_SHOP, { service: 'checkout', environment: 'prod' }, new Date(BEGIN));
const [stable, canary] = prod.service.versions;

/** Without an input that is not given, nothing blocks. */
export function snapshotOf(
  { weightPercent, v1 = OLD, minutes = 0, ...times }: CanaryState,
  inputs: Partial<Pick<Snapshot, 'evidence' | 'weightCaps' | 'rollouts'>> = {},
): Snapshot {
  const runs = weightPercent !== undefined;
  const entry = runs
    ? {
        images: { v1, v2: NEW },
        canary: { version: 'v2', weightPercent, startedAt: BEGIN, stepSince: BEGIN, ...times },
      }
    : { images: { v1 } };
  const since = runs ? Date.parse(BEGIN) / 1_000 : 0;
  return {
    ...prod,
    entry,
    stage: stageOf(entry),
    now: new Date(Date.parse(BEGIN) + minutes * 60_000).toISOString().replace('.000Z', 'Z'),
    service: {
      ...prod.service,
      versions: [
        { ...stable, image: v1, weightPercent: 100 - (weightPercent ?? 0) },
        ...(runs ? [{ ...canary!, image: NEW, weightPercent }] : []),
      ],
      canaryRelease: { startedAtSeconds: since, stepSinceSeconds: since },
    },
    evidence: evidenceAt(weightPercent ?? 0),
    weightCaps: [],
    rollouts: rollouts(deployment('v1', v1), deployment('v2', NEW)),
    ...inputs,
  };
}
