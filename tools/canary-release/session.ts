/** One canary in one environment, as the files and the world say it is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { canaryVersion, effectiveWeightCaps, releaseOf, type WeightCap } from '../../model/canary/weight-cap';
import type { Evidence } from '../../model/canary/evidence';
import { stageOf, type ReleaseEntry, type Stage } from '../../model/canary/stage';
import { loadCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { releaseSchema } from '../../model/schema/release-schema';
import type { CanaryPolicy, Service, Version } from '../../model/service';
import { environmentNamed, serviceNamed } from '../selection';
import { UsageError } from '../usage-error';
import { readWeightCaps, unreadiness } from './cluster';
import { readEvidence } from './metrics';

/** Where facts come from; what is left out is asked of the environment itself. */
export interface Sources {
  /** File with evidence, or address of a Prometheus. */
  readonly metrics?: string;
  /** File with the ceilings. */
  readonly weightCaps?: string;
  /** File with the Deployments. */
  readonly deployments?: string;
}

export class Session {
  private constructor(
    /** Folder of the catalogue. */
    readonly folder: string,
    readonly environment: Environment,
    readonly service: Service,
    readonly policy: CanaryPolicy,
    readonly entry: ReleaseEntry,
    private readonly sources: Sources,
    readonly now: Date,
  ) {}

  static open(
    folder: string,
    names: { readonly service: string; readonly environment: string },
    sources: Sources,
    now: Date,
  ): Session {
    const catalogue = loadCatalogue(folder, now.toISOString().slice(0, 10));
    const environment = environmentNamed(catalogue, names.environment);
    const service = serviceNamed(environment, names.service);
    if (service.canaryPolicy === undefined)
      throw new UsageError(`'${service.catalogueName}' has no canary; add 'canary' to its service file`);
    const file = join(folder, 'releases', `${environment.name}.yaml`);
    if (!existsSync(file)) throw new UsageError(`'${file}' is missing; create it with 'services: {}'`);
    const release = releaseSchema.parse(parse(readFileSync(file, 'utf8')));
    const entry = release.services[service.catalogueName] ?? { images: {} };
    return new Session(folder, environment, service, service.canaryPolicy, entry, sources, now);
  }

  get stage(): Stage {
    return stageOf(this.entry);
  }

  /** RFC 3339, to the second. */
  get nowText(): string {
    return this.now.toISOString().replace(/\.\d+Z$/, 'Z');
  }

  get nowSeconds(): number {
    return this.now.getTime() / 1_000;
  }

  get canary(): Version {
    const canary = canaryVersion(this.service);
    if (canary === undefined) throw new Error('asked for the canary of a service without one');
    return canary;
  }

  evidence(): Promise<Evidence> {
    return readEvidence(this.sources.metrics, this.environment, this.service);
  }

  /** Ceilings that hold this release. */
  weightCaps(): WeightCap[] {
    return effectiveWeightCaps(readWeightCaps(this.sources.weightCaps, this.environment), {
      host: this.canary.host,
      release: releaseOf(this.canary),
      acknowledgedIncidents: this.environment.acknowledgedIncidents,
    });
  }

  /** Why a version's pods cannot take traffic yet. */
  unreadiness(version: Version): string | undefined {
    return unreadiness(this.sources.deployments, this.environment, this.service, version);
  }
}
