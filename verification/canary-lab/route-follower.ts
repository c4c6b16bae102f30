/** Pushes the split routes of the API server to the proxies, as a control plane does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { routedCanaries, SPLIT_LABEL } from '../../model/canary/split';
import type { Shop } from '../rollback-controller/shop';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import type { Mesh } from '../mesh-lab/mesh/mesh';
import type { Teardown } from '../support/teardown';

const INTERVAL_MS = 100;

export class RouteFollower {
  private readonly changes = new Map<string, number>();
  private versions = new Map<string, unknown>();
  private rounds = 0;
  private ended = false;
  private failure: unknown;

  private constructor(
    private readonly mesh: Mesh,
    private readonly shop: Shop,
  ) {}

  static async start(teardown: Teardown, mesh: Mesh, shop: Shop): Promise<RouteFollower> {
    const follower = new RouteFollower(mesh, shop);
    await follower.round();
    const running = follower.run();
    teardown.add(async () => {
      follower.ended = true;
      await running;
    });
    return follower;
  }

  /**
   * When every proxy had the last change of the service's routes, in milliseconds of `performance.now()`; `undefined` if
   * there was none.
   */
  lastChange(service: string): number | undefined {
    return this.changes.get(service);
  }

  /** Resolves when the current routes of the API server have reached every proxy. */
  async settled(): Promise<void> {
    // The current round may have read the routes earlier.
    const until = this.rounds + 2;
    while (this.rounds < until) {
      if (this.failure !== undefined) throw this.failure as Error;
      await sleep(INTERVAL_MS / 5);
    }
  }

  private async run(): Promise<void> {
    while (!this.ended && this.failure === undefined) {
      await this.round().catch((error: unknown) => (this.failure = error));
      await sleep(INTERVAL_MS);
    }
  }

  private async round(): Promise<void> {
    const live = await this.shop.kubernetes.client.list('networking.istio.io/v1beta1', 'VirtualService', {
      labelSelector: SPLIT_LABEL,
    });
    const changed = live.filter(
      ({ metadata }) => this.versions.get(nameOf(metadata)) !== metadata['resourceVersion'],
    );
    if (changed.length > 0) {
      await this.mesh.update(this.mesh.current().map((object) => asIn(live, object)));
      const now = performance.now();
      for (const { metadata } of changed) {
        if (this.versions.size === 0) continue;
        for (const { service } of routedCanaries(metadata)) this.changes.set(service, now);
      }
      this.versions = new Map(live.map(({ metadata }) => [nameOf(metadata), metadata['resourceVersion']]));
    }
    this.rounds += 1;
  }
}

function asIn(live: readonly KubernetesManifest[], object: KubernetesManifest): KubernetesManifest {
  if (object.kind !== 'VirtualService') return object;
  const found = live.find(({ metadata }) => nameOf(metadata) === nameOf(object.metadata));
  return found === undefined ? object : { ...object, spec: found['spec'] };
}

function nameOf({ namespace, name }: KubernetesManifest['metadata']): string {
  return `${namespace ?? ''}/${name}`;
}
