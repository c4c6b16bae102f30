/** The input of the commands: the committed release, and inputs gathered once from metrics and cluster. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Evidence } from '../../model/canary/evidence';
import type { Rollout } from '../../model/canary/rollout';
import { stageOf, type ReleaseEntry, type Stage } from '../../model/canary/stage';
import type { WeightCap } from '../../model/canary/weight-cap';
import { loadCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { releaseSchema } from '../../model/schema/release-schema';
import type { CanaryPolicy, Service } from '../../model/service';
import { UsageError } from '../command-line';
import { environmentNamed, serviceNamed } from '../selection';
import { readRollouts, readWeightCaps } from './cluster';
import { readEvidence } from './metrics';

/** A service that may have a canary, in one environment, at one instant. */
export interface CommittedRelease {
  readonly environment: Environment;
  readonly service: Service;
  readonly canaryPolicy: CanaryPolicy;
  /** From the release file. */
  readonly entry: ReleaseEntry;
  readonly stage: Stage;
  /** RFC 3339, to the second. */
  readonly now: string;
}

export interface Inputs {
  readonly evidence: Evidence;
  /** Of every release in the cluster. */
  readonly weightCaps: readonly WeightCap[];
  /** Of the Deployments in the service's namespace. */
  readonly rollouts: readonly Rollout[];
}

export type InputName = keyof Inputs;

export type Snapshot<N extends InputName = InputName> = CommittedRelease & Pick<Inputs, N>;

export type PartialSnapshot = CommittedRelease & Partial<Inputs>;

/** Files to read inputs from; without them, Cloud Monitoring and the cluster of the environment. */
export interface Sources {
  /** File with evidence, or address of a Prometheus. */
  readonly metrics?: string;
  readonly weightCaps?: string;
  readonly deployments?: string;
}

const READERS: {
  readonly [N in InputName]: (release: CommittedRelease, sources: Sources) => Inputs[N] | Promise<Inputs[N]>;
} = {
  evidence: ({ environment, service }, { metrics }) => readEvidence(metrics, environment, service),
  weightCaps: ({ environment }, { weightCaps }) => readWeightCaps(weightCaps, environment),
  rollouts: ({ environment, service }, { deployments }) =>
    readRollouts(deployments, environment, service.namespace),
};

/**
 * @param folder of the catalogue
 * @throws UsageError if the service is unknown or may have no canary
 */
export function readRelease(
  folder: string,
  names: { readonly service: string; readonly environment: string },
  now: Date,
): CommittedRelease {
  const catalogue = loadCatalogue(folder, now.toISOString().slice(0, 10));
  const environment = environmentNamed(catalogue, names.environment);
  const service = serviceNamed(environment, names.service);
  const { canaryPolicy, catalogueName } = service;
  if (canaryPolicy === undefined)
    throw new UsageError(`'${catalogueName}' has no canary; add 'canary' to its service file`);
  const file = join(folder, 'releases', `${environment.name}.yaml`);
  if (!existsSync(file)) throw new UsageError(`'${file}' is missing; create it with 'services: {}'`);
  const entry = releaseSchema.parse(parse(readFileSync(file, 'utf8'))).services[catalogueName] ?? {
    images: {},
  };
  return {
    environment,
    service,
    canaryPolicy,
    entry,
    stage: stageOf(entry),
    now: now.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

/** @throws UsageError if an input cannot be read */
export async function gather<N extends InputName>(
  release: CommittedRelease,
  needs: readonly N[],
  sources: Sources,
): Promise<Snapshot<N>> {
  const inputs = needs.map(async (name) => [name, await READERS[name](release, sources)] as const);
  return { ...release, ...Object.fromEntries(await Promise.all(inputs)) } as Snapshot<N>;
}

/** The inputs that can be read, and why the others cannot. */
export async function gatherReadable(
  release: CommittedRelease,
  needs: readonly InputName[],
  sources: Sources,
): Promise<{ readonly snapshot: PartialSnapshot; readonly unknown: readonly string[] }> {
  const unknown: string[] = [];
  const readable = needs.map(async (name): Promise<PartialSnapshot> => {
    try {
      return await gather(release, [name], sources);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unknown.push(error.message);
      return release;
    }
  });
  const parts = await Promise.all(readable);
  return { snapshot: parts.reduce((whole, part) => ({ ...whole, ...part }), release), unknown };
}
