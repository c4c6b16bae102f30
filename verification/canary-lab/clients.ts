/** Visitors at a steady rate, none of whom waits for another. */
import type { Mesh } from '../mesh-lab/mesh/mesh';
import type { Reply } from '../mesh-lab/mesh/send';
import { bearer } from '../mesh-lab/mesh/tokens';

export interface Visit {
  /** Milliseconds of `performance.now()` at which the answer came. */
  readonly time: number;
  readonly ms: number;
  readonly status: Reply['status'];
  /** Workload that answered; left out where the proxy did. */
  readonly by: string | undefined;
}

const PATHS = [1, 2, 3, 4, 5].map((number) => `/checkout/${number}`);

/** @returns what has been answered so far, and how to end it */
export function sendClients(
  mesh: Mesh,
  perSecond: number,
): { readonly visits: readonly Visit[]; readonly end: () => Promise<void> } {
  const visits: Visit[] = [];
  const { api: host } = mesh.environment.domainNames;
  const headers = bearer(mesh.issuer.token());
  const started = performance.now();
  const open = new Set<Promise<void>>();
  let sent = 0;
  const timer = setInterval(() => {
    // As many as are due: a busy machine skips ticks.
    for (; sent < ((performance.now() - started) / 1_000) * perSecond; sent++) {
      const visit = mesh.client
        .send({ host, path: PATHS[sent % PATHS.length] ?? '/checkout', headers })
        .then(({ status, ms, headers: answer }) => {
          const by = answer['x-lab-workload'];
          visits.push({ time: performance.now(), ms, status, by: typeof by === 'string' ? by : undefined });
        })
        .finally(() => open.delete(visit));
      open.add(visit);
    }
  }, 5);
  return {
    visits,
    end: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
