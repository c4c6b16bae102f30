/** A running environment on disk: the project, Terraform's state and the cluster's objects. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabCluster, SavedCluster } from '../cluster/cluster';
import type { CloudState, SavedWorld } from '../engine/world';
import type { Cloud } from '../server/cloud';

/** What a checkpoint keeps of a running lab. */
export interface RunningEnvironment {
  readonly cloud: Cloud;
  readonly cluster: LabCluster;
  /** Has Terraform's state in `state`. */
  readonly folder: string;
}

/** Steps that later runs need not repeat. */
interface Progress {
  readonly endpoint: string;
  readonly steps: readonly string[];
}

export class Checkpoint {
  private constructor(
    private readonly folder: string,
    private readonly progress: Progress,
  ) {}

  /** @param work folder of the runs of one environment */
  static read(work: string): Checkpoint | undefined {
    const folder = join(work, 'checkpoint');
    const file = join(folder, 'progress.json');
    return existsSync(file)
      ? new Checkpoint(folder, JSON.parse(readFileSync(file, 'utf8')) as Progress)
      : undefined;
  }

  /** Replaces the last checkpoint only once the new one is complete. */
  static write(work: string, rig: RunningEnvironment, steps: readonly string[]): Checkpoint {
    const next = join(work, 'next');
    rmSync(next, { recursive: true, force: true });
    mkdirSync(next, { recursive: true });
    cpSync(join(rig.folder, 'state'), join(next, 'state'), { recursive: true });
    rig.cluster.copyData?.(join(next, 'etcd'));
    writeFileSync(join(next, 'project.json'), JSON.stringify(rig.cloud.world.save()));
    const progress: Progress = { endpoint: rig.cluster.endpoint, steps };
    writeFileSync(join(next, 'progress.json'), JSON.stringify(progress));
    const folder = join(work, 'checkpoint');
    rmSync(folder, { recursive: true, force: true });
    renameSync(next, folder);
    return new Checkpoint(folder, progress);
  }

  /** The same environment after a step that left it as it was. */
  withStep(step: string): Checkpoint {
    const progress = { ...this.progress, steps: [...this.progress.steps, step] };
    writeFileSync(join(this.folder, 'progress.json'), JSON.stringify(progress));
    return new Checkpoint(this.folder, progress);
  }

  get steps(): readonly string[] {
    return this.progress.steps;
  }

  get cluster(): SavedCluster {
    return { data: join(this.folder, 'etcd'), endpoint: this.progress.endpoint };
  }

  /** @param folder of the rig */
  restore(world: CloudState, folder: string): void {
    world.restore(JSON.parse(readFileSync(join(this.folder, 'project.json'), 'utf8')) as SavedWorld);
    cpSync(join(this.folder, 'state'), join(folder, 'state'), { recursive: true });
  }
}
